"""Whether all do the same work: the same bodies, the same refusals, and what was written can be read."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from bench.client import Answer, Asked
from bench.data import SESSIONS, Data, Person, new_person, session_row
from bench.operations import CHANGE, CREATE, LISTS, ONE_TODO, PAGE, TODO, WARM_LISTS, WARM_PAGE, Ask

COMPARED = 3  # requests of each kind
CURSOR = re.compile(rb'"(next|previous)": ?"[^"]+"')
MADE = re.compile(rb'"(id|position|created_at|updated_at)": ?"[^"]+"')
OK, DONE = 200, {200, 201}
STRANGER = {401, 403}
FORGED = {403}
MISSING = {404}
WRONG = {400, 404, 422}
Faults = Iterator[str]


def faults(clients: Mapping[str, Asked], data: Data) -> Faults:
    """Say what is not as it should be, and not as the first of these stacks has it."""
    data.outgrow_caches()  # not every stack counts its writes
    yield from differing_bodies(clients, data)
    yield from differing_second_pages(clients, data)
    for name, client in clients.items():
        yield from wrong_refusals(name, client, data)
        yield from wrong_304(name, client, data)
    yield from wrong_writes(clients, data)


def differing_bodies(clients: Mapping[str, Asked], data: Data) -> Faults:
    for operation in (PAGE, WARM_PAGE, ONE_TODO, LISTS, WARM_LISTS):
        for ask in islice(operation.asks(data, Random(operation.name)), COMPARED):
            yield from differing(clients, ask)


def differing_second_pages(clients: Mapping[str, Asked], data: Data) -> Faults:
    """Follow the cursors, which every stack writes in its own way, to pages that have to be equal."""
    first = Ask.read(data.people[0], "/api/todos/?status=todo")
    asks = dict.fromkeys(clients, first)
    for _ in range(COMPARED):
        answers = {name: client.ask(asks[name]) for name, client in clients.items()}
        yield from unlike_the_first(answers, first.path)
        asks = {
            name: first._replace(path=f"{first.path}&cursor={json.loads(answer.body).get('next')}")
            for name, answer in answers.items()
        }


def differing(clients: Mapping[str, Asked], ask: Ask) -> Faults:
    yield from unlike_the_first({name: client.ask(ask) for name, client in clients.items()}, ask.path)


def unlike_the_first(answers: Mapping[str, Answer], what: str) -> Faults:
    expected = next(iter(answers.values()))
    if expected.status != OK:
        yield f"{what}: {expected.status}"
    for name, answer in answers.items():
        if (answer.status, comparable(answer.body)) != (expected.status, comparable(expected.body)):
            yield f"{what} of {name}: {answer.status} {answer.body[:500]!r}, not {expected.body[:500]!r}"


def comparable(body: bytes) -> Any:
    """Return a body with the order of its members, and with cursors that only say that they are there."""
    try:
        return json.loads(CURSOR.sub(rb'"\1":"..."', body), object_pairs_hook=list)
    except ValueError:
        return body


# --- refusals ------------------------------------------------------------------------------------


def wrong_refusals(name: str, client: Asked, data: Data) -> Faults:
    for what, ask, statuses in refused(data):
        if (status := client.ask(ask).status) not in statuses:
            yield f"{what} at {name}: {status}"


def refused(data: Data) -> Iterator[tuple[str, Ask, set[int]]]:
    """Yield what has to be refused, and by which statuses."""
    alice, bob = data.people[:2]
    page = Ask.read(alice, "/api/todos/?status=todo")
    theirs = next(todo_id for person, todo_id in data.drawn() if person == bob)
    yield "another's todo", Ask.read(alice, TODO.format(theirs)), MISSING
    yield "a change of another's todo", Ask.write(alice, "PATCH", TODO.format(theirs), {"title": "Mine"}), MISSING
    yield "a todo that is not there", Ask.read(alice, TODO.format(alice.id)), MISSING
    yield "no session", page.without("Cookie"), STRANGER
    yield "an unknown session", page.with_headers(Cookie="sessionid=unknown"), STRANGER
    yield "a session that has ended", Ask.read(someone_gone(data), page.path), STRANGER
    new = Ask.write(alice, "POST", "/api/todos/", {"title": "Milk", "list_id": str(alice.lists[0])})
    yield "no CSRF token", new.without("X-CSRFToken"), FORGED
    yield "another's CSRF token", new.with_headers(X_CSRFToken=bob.csrf_token), FORGED
    yield "a page of another site", new.with_headers(Origin="http://example.org"), FORGED
    yield "a write without a session", new.with_headers(Cookie=f"csrftoken={alice.csrf_cookie}"), STRANGER
    for what, body in (
        ("another's list", {"title": "Milk", "list_id": str(bob.lists[0])}),
        ("no title", {"title": "", "list_id": str(alice.lists[0])}),
        ("an unknown status", {"title": "Milk", "list_id": str(alice.lists[0]), "status": "later"}),
    ):
        yield what, Ask.write(alice, "POST", "/api/todos/", body), WRONG


def someone_gone(data: Data) -> Person:
    """Return someone whose session has ended a moment ago."""
    person = new_person()._replace(id=data.people[0].id, email=data.people[0].email)
    data.connection.execute(SESSIONS, session_row(person, datetime.now(UTC) - timedelta(seconds=1)))
    return person


# --- what is known already -----------------------------------------------------------------------


def wrong_304(name: str, client: Asked, data: Data) -> Faults:
    """Try what has an ETag: it is known until somebody changes something."""
    person = data.people[0]
    page = Ask.read(person, "/api/todos/?status=todo")
    if not (tag := client.ask(page).tag):
        return
    answer = client.ask(page.with_headers(If_None_Match=tag))
    if (answer.status, answer.body) != (304, b""):
        yield f"what is known at {name}: {answer.status}"
    client.ask(next(CREATE.asks(data_of(data, person), Random(name))))
    if client.ask(page.with_headers(If_None_Match=tag)).status != OK:
        yield f"what has changed at {name} counts as known"


def data_of(data: Data, person: Person) -> Data:
    alone = Data(data.connection, data.start)
    alone.people = [person]
    return alone


# --- writes --------------------------------------------------------------------------------------


def wrong_writes(clients: Mapping[str, Asked], data: Data) -> Faults:
    reader = next(iter(clients.values()))
    created, asked = {}, next(CREATE.asks(data, Random()))
    for name, client in clients.items():
        answer = client.ask(asked)
        created[name] = answer._replace(status=OK, body=MADE.sub(rb'"\1":"..."', answer.body))
        yield from not_readable(f"POST of {name}", answer, asked, (reader, client), data)
    yield from unlike_the_first(created, "a new todo")
    for name, client in clients.items():
        change = next(CHANGE.asks(data, Random()))
        before = reader.ask(change._replace(method="GET", body=b""))
        answer = client.ask(change)
        yield from not_readable(f"PATCH of {name}", answer, change, (reader, client), data)
        if answer.status == OK:
            yield from wrong_change(name, json.loads(before.body), json.loads(change.body), json.loads(answer.body))


def not_readable(what: str, answer: Answer, ask: Ask, readers: Iterable[Asked], data: Data) -> Faults:
    """Compare what a write has answered with what is read afterwards."""
    if answer.status not in DONE:
        yield f"{what}: {answer.status} {answer.body!r}"
        return
    data.outgrow_caches()
    path = TODO.format(json.loads(answer.body)["id"])
    for reader in readers:
        read = reader.ask(ask._replace(method="GET", path=path, body=b""))
        if comparable(read.body) != comparable(answer.body):
            yield f"{what}: {answer.status} {answer.body!r}, but read is {read.body!r}"


def wrong_change(name: str, before: Any, given: Any, after: Any) -> Faults:
    expected = before | given | {"version": before["version"] + 1, "updated_at": after["updated_at"]}
    if after != expected or after["updated_at"] <= before["updated_at"]:
        yield f"PATCH of {name}: {after}, not {expected}"
