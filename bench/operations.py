"""What is asked: one request after another for each call that is measured, the same ones of every stack."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from bench.baselines import STATUSES
from bench.data import YEAR, Data, Person

OFTEN_ASKED = 50  # people whose pages are asked for again and again
TODO = "/api/todos/{}/"


class Ask(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    @classmethod
    def read(cls, person: Person, path: str) -> "Ask":
        return cls("GET", path, {"Cookie": cookies(person)})

    @classmethod
    def write(cls, person: Person, method: str, path: str, body: Any) -> "Ask":
        headers = {
            "Cookie": cookies(person),
            "X-CSRFToken": person.csrf_token,
            "Content-Type": "application/json",
        }
        return cls(method, path, headers, json.dumps(body).encode())

    def with_headers(self, **headers: str) -> "Ask":
        """Return the request with more headers; `If_Match` stands for `If-Match`."""
        return self._replace(headers=self.headers | {name.replace("_", "-"): headers[name] for name in headers})

    def without(self, *names: str) -> "Ask":
        return self._replace(headers={name: value for name, value in self.headers.items() if name not in names})

    @property
    def raw(self) -> bytes:
        """Return the bytes of the request."""
        length = {"Content-Length": str(len(self.body))} if self.body else {}
        lines = [f"{name}: {value}\r\n" for name, value in (self.headers | length).items()]
        return f"{self.method} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{''.join(lines)}\r\n".encode() + self.body


Asks = Callable[[Data, Random], Iterator[Ask]]


class Operation(NamedTuple):
    """A kind of request, and what a right answer is."""

    name: str
    title: str
    asks: Asks
    bytes: range  # how long an answer is, head and body, on average
    status: int = 200
    is_cold: bool = False  # no request comes twice, and nothing of it is in a cache
    is_conditional: bool = False  # what is asked for is known already, and has not changed
    is_write: bool = False


def cookies(person: Person) -> str:
    return f"sessionid={person.token}; csrftoken={person.csrf_cookie}"


def pages(people: Callable[[Data], list[Person]]) -> Asks:
    """Ask for pages of some people from instants of the year that never come twice."""

    def asks(data: Data, dice: Random) -> Iterator[Ask]:
        while True:
            before = data.start + YEAR * dice.uniform(0.3, 1)
            query = f"status={dice.choice(STATUSES)}&created_before={written(before)}"
            yield Ask.read(dice.choice(people(data)), f"/api/todos/?{query}")

    return asks


def first_pages(data: Data, dice: Random) -> Iterator[Ask]:
    for person in often_asked(data, dice):
        yield Ask.read(person, "/api/todos/?status=todo")


def todos(data: Data, dice: Random) -> Iterator[Ask]:
    for person, todo_id in drawn(data, dice):
        yield Ask.read(person, TODO.format(todo_id))


def lists(data: Data, dice: Random) -> Iterator[Ask]:
    """Ask for all lists with a limit that is never reached: another page for each cache, and the same work."""
    people = dice.sample(data.people, len(data.people))
    for limit in dice.sample(range(50, 200), 150):
        for person in people:
            yield Ask.read(person, f"/api/lists/?limit={limit}")


def first_lists(data: Data, dice: Random) -> Iterator[Ask]:
    for person in often_asked(data, dice):
        yield Ask.read(person, "/api/lists/")


def creations(data: Data, dice: Random) -> Iterator[Ask]:
    while True:
        person = dice.choice(data.people)
        body = {"title": f"Water the roses ({dice.getrandbits(40)})", "list_id": str(dice.choice(person.lists))}
        yield Ask.write(person, "POST", "/api/todos/", body | {"priority": "high", "due_date": "2026-12-24"})


def repeatable_creations(data: Data, dice: Random) -> Iterator[Ask]:
    for ask in creations(data, dice):
        yield ask.with_headers(Idempotency_Key=f"{dice.getrandbits(128):032x}")


def changes(data: Data, dice: Random) -> Iterator[Ask]:
    for person, todo_id in drawn(data, dice):
        body = {"title": f"Prune the roses ({dice.getrandbits(40)})"}
        yield Ask.write(person, "PATCH", TODO.format(todo_id), body)


def signs_of_life(_data: Data, _dice: Random) -> Iterator[Ask]:
    yield Ask("GET", "/health/live/", {})


def often_asked(data: Data, dice: Random) -> list[Person]:
    some = data.people[-OFTEN_ASKED:]
    return dice.sample(some, len(some))


def drawn(data: Data, dice: Random) -> list[tuple[Person, UUID]]:
    found = data.drawn()
    return dice.sample(found, len(found))


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


PAGE = Operation(
    "page", "page of 50, from PostgreSQL", pages(lambda data: data.people), range(16_000, 25_000), is_cold=True
)
WARM_PAGE = Operation("page warm", "page of 50, asked for before", first_pages, range(16_000, 25_000))
UNCHANGED_PAGE = Operation(
    "page 304", "page that is known and unchanged (304)", first_pages, range(1_000), 304, is_conditional=True
)
ONE_TODO = Operation("todo", "one todo", todos, range(400, 1_500), is_cold=True)
LISTS = Operation("lists", "20 lists with counts, from PostgreSQL", lists, range(5_000, 9_000), is_cold=True)
WARM_LISTS = Operation("lists warm", "20 lists with counts, asked for before", first_lists, range(5_000, 9_000))
CREATE = Operation("create", "create a todo", creations, range(400, 1_500), 201, is_cold=True, is_write=True)
REPEATABLE = CREATE._replace(
    name="create with key", title="create a todo, with Idempotency-Key", asks=repeatable_creations
)
CHANGE = Operation("change", "change a todo", changes, range(400, 1_500), is_cold=True, is_write=True)
NOTHING = Operation("nothing", "nothing, said by Django and DRF", signs_of_life, range(800))
OPERATIONS = (PAGE, WARM_PAGE, UNCHANGED_PAGE, ONE_TODO, LISTS, WARM_LISTS, CREATE, REPEATABLE, CHANGE)
PAGE_OF_BUSIEST = PAGE._replace(
    name="page of the busiest",
    title="page of 50, of the person with most todos",
    asks=pages(lambda data: [data.busiest] if data.busiest else []),
)
