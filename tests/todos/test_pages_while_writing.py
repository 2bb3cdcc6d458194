"""Walking through pages while others write: what stays put is shown once, whatever happens around it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.cast import Person, created
from tests.drill import size
from tests.pages import ids, walk
from tests.todos.test_order_todos import ORDERS

PRIORITIES = ["none", "low", "medium", "high", "urgent"]
STABLE = size(30, 300)


@pytest.fixture(scope="module")
def rita() -> Person:
    rita = Person("rita")
    created(rita.sign_up())
    return rita


@pytest.fixture(scope="module")
def stable(rita: Person) -> set[str]:
    """Return todos that nobody touches, with values that many share."""
    groceries = rita.make_list("Stable")
    return {rita.make_todo(groceries, f"Todo {n % 4}", **values(n))["id"] for n in range(STABLE)}


def values(number: int) -> dict[str, Any]:
    due = {"due_date": f"2026-12-{1 + number % 7:02}"} if number % 3 else {}
    return {"priority": PRIORITIES[number % 5], "status": ["todo", "done", "in_progress"][number % 3], **due}


@contextmanager
def unrest(person: Person) -> Iterator[None]:
    """Have somebody make, move and delete other todos all the while."""
    over = threading.Event()
    busy = person.on_another_device()
    errands = busy.make_list("Unrest")

    def write() -> None:
        number = 0
        while not over.is_set():
            todo = busy.make_todo(errands, f"Todo {number % 5}", **values(number))
            path = f"/api/todos/{todo['id']}/"
            changed = busy.patch(path, json={"title": f"Todo {(number + 2) % 5}", **values(number + 1)})
            assert changed.status_code == 200
            if number % 2:
                busy.delete(path)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        over.set()
        writer.join()
        busy.delete(f"/api/lists/{errands['id']}/")


@pytest.mark.drill
def test_what_stays_put_is_neither_skipped_nor_shown_twice(rita: Person, stable: set[str]) -> None:
    with unrest(rita):
        for order in ORDERS:
            seen = ids(*walk(rita, "/api/todos/", order=order, limit=7))
            assert sorted(one for one in seen if one in stable) == sorted(stable), order


@pytest.mark.drill
def test_the_way_back_shows_it_once_too(rita: Person, stable: set[str]) -> None:
    with unrest(rita):
        for order in ORDERS:
            # The last page may be empty, where all behind its cursor was deleted meanwhile; it leads nowhere.
            *_, last = (found for found in walk(rita, "/api/todos/", order=order, limit=7) if found["results"])
            back = walk(rita, "/api/todos/", "previous", order=order, limit=7, cursor=last["previous"])
            seen = ids(*back, last)
            assert sorted(one for one in seen if one in stable) == sorted(stable), order
