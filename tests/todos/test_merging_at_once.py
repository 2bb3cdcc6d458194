"""Three devices that edit the same todos at once: what one was told is there, is there when all are done."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import monotonic
from typing import Any, NamedTuple

import pytest

from tests.cast import Person
from tests.drill import size
from tests.pages import ids, page, walk
from tests.problems import assert_problem
from tests.rows import revision_of
from tests.todos.changes import patch

pytestmark = pytest.mark.drill

TODOS = 20
SECONDS = size(4, 120)
# Each device has fields of its own, which nobody else touches; the description is everybody's.
OWN: list[dict[str, list[Any]]] = [
    {"title": ["Buy oat milk", "Buy rye bread", "Buy rolls"], "priority": ["low", "medium", "high"]},
    {"status": ["todo", "in_progress", "done", "cancelled"]},
    {"due_date": ["2026-12-24", "2027-01-01", None]},
]
Todos = dict[str, Any]


class Write(NamedTuple):
    """An acknowledged change: what it set, from which version it was made and which one it made."""

    todo: str
    field: str
    value: Any
    base: int
    version: int


class Device:
    """Edits todos without a pause, from what it was shown last, and keeps what was acknowledged."""

    def __init__(self, person: Person, own: dict[str, list[Any]], todos: Todos) -> None:
        self.person, self.own, self.known = person, own, dict(todos)
        self.writes: list[Write] = []
        self.refused = 0

    def edit(self) -> None:
        todo = random.choice(list(self.known.values()))
        if random.random() < 0.2:
            self._send(todo, "description", f"{random.random()}")
        else:
            field = random.choice(list(self.own))
            self._send(todo, field, random.choice([value for value in self.own[field] if value != todo[field]]))

    def _send(self, todo: Any, field: str, value: Any) -> None:
        answer = patch(self.person, todo, **{field: value, "version": todo["version"]})
        if answer.status_code == 200:
            now = answer.json()
            assert now[field] == value
            self.writes.append(Write(todo["id"], field, value, todo["version"], now["version"]))
        else:
            assert field == "description"  # nothing else can collide
            now = assert_problem(answer, 412, "stale_version")["theirs"]
            self.refused += 1
        assert now["version"] > todo["version"]
        self.known[todo["id"]] = now


def look(person: Person, todos: Todos) -> None:
    """Walk there and back through todos that others change, and check that each is there once and never older."""
    there = list(walk(person, "/api/todos/", limit=7))
    back = list(walk(person, "/api/todos/", "previous", limit=7, cursor=there[-1]["previous"]))
    assert ids(*there) == ids(*reversed(back), there[-1]) == list(todos)
    for row in (row for found in (*there, *back) for row in found["results"]):
        assert row["version"] >= todos[row["id"]]["version"]
    todos |= {row["id"]: row for row in back[-1]["results"]}


def again_and_again(act: Callable[[], None]) -> None:
    end = monotonic() + SECONDS
    while monotonic() < end:
        act()


def assert_merged(before: Any, after: Any, writes: list[Write]) -> None:
    """Check that a todo is what its acknowledged writes make, one after another, and that none went unseen."""
    writes = sorted(writes, key=lambda write: write.version)
    assert [write.version for write in writes] == list(range(2, after["version"] + 1))
    assert {name: after[name] for name in before} == before | {write.field: write.value for write in writes} | {
        name: after[name] for name in ("version", "updated_at", "completed_at")
    }
    assert (after["completed_at"] is not None) == (after["status"] == "done")
    for field in {write.field for write in writes}:
        same = [write for write in writes if write.field == field]
        assert all(later.base >= earlier.version for earlier, later in pairwise(same))


@pytest.mark.timeout(0)
def test_every_acknowledged_write_is_merged(alice: Person, groceries: Any) -> None:
    for number in range(TODOS):
        alice.make_todo(groceries, f"Number {number}")
    todos = {todo["id"]: todo for todo in page(alice, "/api/todos/")["results"]}
    program = Person("program")
    program.headers["Authorization"] = f"Bearer {alice.make_token()['token']}"
    people = [alice, alice.on_another_device(), program]
    revision = revision_of(alice)
    devices = [Device(person, own, todos) for person, own in zip(people, OWN, strict=True)]
    reader = alice.on_another_device()

    with ThreadPoolExecutor(4) as crowd:
        seen = dict(todos)
        acts = [*(device.edit for device in devices), lambda: look(reader, seen)]
        for done in [crowd.submit(again_and_again, act) for act in acts]:
            done.result()

    writes = [write for device in devices for write in device.writes]
    assert revision_of(alice) == revision + len(writes)
    for todo in page(alice, "/api/todos/")["results"]:
        assert_merged(todos[todo["id"]], todo, [write for write in writes if write.todo == todo["id"]])
    assert sum(device.refused for device in devices) < len(writes)
