"""Working for long leaves nothing behind: no fault, and no memory that is never given back."""

from collections.abc import Iterable
from typing import Any

import pytest
import requests

from tests.cast import Person
from tests.drill import size
from tests.processes import app_workers

pytestmark = pytest.mark.drill

GROWTH = 30  # MiB


def work(person: Person, groceries: Any) -> Iterable[requests.Response]:
    """Do once all that people do, mistakes included, and leave nothing."""
    made = person.post("/api/todos/", json={"title": "Buy oat milk 🥛", "list_id": groceries["id"]})
    path = f"/api/todos/{made.json()['id']}/"
    return [
        made,
        person.patch(path, json={"status": "done", "version": 1}),
        person.patch(path, json={"status": "todo", "version": 1}),
        person.post("/api/todos/", json={"title": 5, "colour": "red"}),
        person.post("/api/todos/", data=b"{"),
        person.get("/api/todos/", params={"limit": 200}),
        person.get("/api/lists/"),
        person.get("/auth/me/"),
        person.delete(path),
        person.get(path),
    ]


WORK = [201, 200, 412, 422, 415, 200, 200, 200, 204, 404]


def work_often(person: Person, groceries: Any, times: int) -> None:
    for _ in range(times):
        assert [answer.status_code for answer in work(person, groceries)] == WORK


@pytest.mark.timeout(0)
def test_long_work_goes_well_and_takes_no_more_memory(alice: Person, groceries: Any) -> None:
    work_often(alice, groceries, size(10, 100))
    before = {worker.pid: worker.memory for worker in app_workers()}

    work_often(alice, groceries, size(20, 600))

    after = {worker.pid: worker.memory for worker in app_workers()}
    assert after.keys() == before.keys()
    assert all(after[pid] - before[pid] < GROWTH for pid in after), (before, after)
