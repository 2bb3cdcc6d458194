"""Finding the todos that matter now."""

from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import NOWHERE


@pytest.fixture
def errands(alice: Person) -> Any:
    return alice.make_list("Errands")


@pytest.fixture
def todos(alice: Person, groceries: Any, errands: Any) -> None:
    alice.make_todo(groceries, "milk", priority="high", due_date="2026-12-24")
    alice.make_todo(groceries, "bread", status="done", priority="high")
    alice.make_todo(errands, "letter", status="cancelled", due_date="2026-12-24")
    alice.make_todo(errands, "parcel", status="in_progress", due_date="2026-12-31")


def titles(person: Person, **query: str) -> list[str]:
    return [todo["title"] for todo in person.get("/api/todos/", params=query).json()["results"]]


@pytest.mark.usefixtures("todos")
@pytest.mark.parametrize(
    ("status", "found"),
    [("todo", ["milk"]), ("done", ["bread"]), ("cancelled", ["letter"]), ("in_progress", ["parcel"])],
)
def test_by_status(alice: Person, status: str, found: list[str]) -> None:
    assert titles(alice, status=status) == found


@pytest.mark.usefixtures("todos")
@pytest.mark.parametrize(
    ("priority", "found"), [("high", ["bread", "milk"]), ("none", ["parcel", "letter"]), ("low", [])]
)
def test_by_priority(alice: Person, priority: str, found: list[str]) -> None:
    assert titles(alice, priority=priority) == found


@pytest.mark.usefixtures("todos")
def test_by_list(alice: Person, groceries: Any, errands: Any) -> None:
    assert titles(alice, list_id=groceries["id"]) == ["bread", "milk"]
    assert titles(alice, list_id=errands["id"]) == ["parcel", "letter"]


@pytest.mark.usefixtures("todos")
def test_by_the_day_they_are_due(alice: Person) -> None:
    assert titles(alice, due_date="2026-12-24") == ["letter", "milk"]
    assert titles(alice, due_date="2026-12-25") == []


@pytest.mark.usefixtures("todos")
def test_by_several_at_once(alice: Person, groceries: Any) -> None:
    assert titles(alice, list_id=groceries["id"], priority="high", status="done") == ["bread"]


@pytest.mark.usefixtures("todos")
def test_a_list_that_is_missing_has_no_todos(alice: Person) -> None:
    assert titles(alice, list_id=NOWHERE["list_id"]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("status", "finished"),
        ("status", "DONE"),
        ("status", ""),
        ("priority", "3"),
        ("list_id", "groceries"),
        ("due_date", "tomorrow"),
        ("due_date", "2026-02-30"),
        ("due_date", "2026-12-24T18:30:00Z"),
        ("title", "milk"),
        ("user_id", "019aac42-5d17-7e02-a1b8-90c3d4e5f607"),
        ("status__in", "done"),
        ("status", "done\x00"),
        ("\x00", "x"),
    ],
)
def test_a_filter_that_can_not_be_is_refused(mallory: Person, name: str, value: str) -> None:
    assert_problem(mallory.get("/api/todos/", params={name: value}), 422, "invalid", f"/{name}")


def test_a_filter_given_twice_is_refused(mallory: Person) -> None:
    assert_problem(mallory.get("/api/todos/?status=done&status=todo"), 422, "invalid", "/status")
