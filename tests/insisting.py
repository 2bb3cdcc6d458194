"""Devices that send a call again and again until it is answered, as long as the service is killed meanwhile."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import time
from typing import Any, NamedTuple
from uuid import uuid4

import requests

from local.waiting import wait_until
from tests.cast import Person
from tests.pages import walk
from tests.problems import assert_problem

PATIENCE = 120  # seconds until a call has to be answered
# What is no answer: nobody was there, the one who was has died or stands still, or the same call still runs.
AGAIN = {502: "bad_gateway", 503: "unavailable", 504: "gateway_timeout", 409: "idempotency_in_flight"}
CUT_OFF = 0  # in the place of a status


class Attempt(NamedTuple):
    """One request, with when it was sent and answered by the clock that the logs of servers go by."""

    sent: float
    answered: float
    status: int


class Device:
    """One device at work: makes todos, changes and completes them, and keeps what it was told."""

    def __init__(self, person: Person, home: Any, tally: Counter[str]) -> None:
        self.person, self.home, self.tally = person, home, tally
        self.todos: dict[str, Any] = {}
        self.attempts: list[Attempt] = []
        self.calls = self.keys = 0

    def work(self, over: Event) -> None:
        """Live the life of one todo after another; each call has a key, or an id of the device's choice."""
        while not over.is_set():
            new = {"title": f"Number {len(self.todos)}", "list_id": self.home["id"]}
            todo = self._make_by_key(new) if len(self.todos) % 2 else self._make_by_id(new)
            path = f"/api/todos/{todo['id']}/"
            for change in (
                {"title": f"{todo['title']}, changed", "version": 1},
                {"status": "done", "priority": "high"},
            ):
                todo = self._keep(self._insist("PATCH", path, change, str(uuid4())).json())

    def _make_by_key(self, new: dict[str, Any]) -> Any:
        return self._keep(self._insist("POST", "/api/todos/", new, str(uuid4())).json())

    def _make_by_id(self, new: dict[str, Any]) -> Any:
        """Make a todo of a chosen id; that it is taken means that the first attempt has made it."""
        new_id = str(uuid4())
        answer = self._insist("POST", "/api/todos/", new | {"id": new_id})
        return self._keep(answer.json() if answer.ok else self._insist("GET", f"/api/todos/{new_id}/").json())

    def _keep(self, todo: Any) -> Any:
        self.todos[todo["id"]] = todo
        return todo

    def _insist(self, method: str, path: str, body: Any = None, key: str = "") -> requests.Response:
        attempts: list[requests.Response | None] = []

        def is_answered() -> bool:
            attempts.append(self._attempt(method, path, body, key))
            return attempts[-1] is not None

        wait_until(is_answered, PATIENCE, f"{method} {path} is not answered")
        answer = attempts[-1]
        assert answer is not None
        if not answer.ok:
            assert_problem(answer, 409, "id_taken")
        self._count(method, answer, len(attempts), key)
        return answer

    def _attempt(self, method: str, path: str, body: Any, key: str) -> requests.Response | None:
        headers = {"Idempotency-Key": key} if key else {}
        sent = time()
        try:
            answer = self.person.request(method, path, json=body, headers=headers)
        except requests.RequestException:  # the connection has ended before the answer has
            self.attempts.append(Attempt(sent, time(), CUT_OFF))
            return None
        self.attempts.append(Attempt(sent, time(), answer.status_code))
        return None if says_try_again(answer) else answer

    def _count(self, method: str, answer: requests.Response, attempts: int, key: str) -> None:
        """Note where in the life of the call the service was killed, if it was."""
        if method == "GET":
            return
        self.calls += 1
        self.keys += bool(key)
        was_done = not answer.ok or "Idempotency-Replayed" in answer.headers
        assert attempts > 1 or not was_done
        self.tally["at once" if attempts == 1 else "after the change" if was_done else "before the change"] += 1


def says_try_again(answer: requests.Response) -> bool:
    """Tell whether an answer is none yet; then it says which it is, and when to come again."""
    if answer.ok or AGAIN.get(answer.status_code) != (code := answer.json()["code"]):
        return False
    assert_problem(answer, answer.status_code, code)
    assert int(answer.headers["Retry-After"]) > 0
    return True


def wait_for_an_answer(devices: list[Device]) -> None:
    """Wait until one more call of these devices is answered."""
    before = sum(device.calls for device in devices)
    wait_until(lambda: sum(device.calls for device in devices) > before, PATIENCE, "nobody is answered any more")


@contextmanager
def insisting(people: list[Person], tally: Counter[str]) -> Iterator[list[Device]]:
    """Let two devices of each person work until the end of the block."""
    homes = {person.email: person.make_list() for person in people}
    owners = [owner for person in people for owner in (person, person.on_another_device())]
    devices = [Device(owner, homes[owner.email], tally) for owner in owners]
    over = Event()
    with ThreadPoolExecutor(len(devices)) as crowd:
        working = [crowd.submit(device.work, over) for device in devices]
        try:
            yield devices
        finally:
            over.set()
    for work in working:
        work.result()


def assert_all_there(person: Person, devices: list[Device]) -> None:
    """Check that a person's account holds exactly what the devices were told: nothing lost, twice or half."""
    found = [row for page in walk(person, "/api/todos/", limit=200) for row in page["results"]]
    told = {key: todo for device in of(person, devices) for key, todo in device.todos.items()}
    assert {todo["id"]: todo for todo in found} == told
    assert len(found) == len(told)


def assert_all_counted(own: list[Device], writes: int, kept: int) -> None:
    """Check that each call of a person's devices was one write, after that of their list, and left its answer."""
    assert writes == sum(device.calls for device in own) + 1
    assert kept == sum(device.keys for device in own)


def of(person: Person, devices: list[Device]) -> list[Device]:
    return [device for device in devices if device.person.email == person.email]
