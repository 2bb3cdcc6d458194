"""Finding the todos that matter now."""

from typing import Any

import pytest

from tests.cast import Person
from tests.pages import ids, page, walk
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
        ("status", "todo,"),
        ("status", ",".join(["todo"] * 101)),
        ("list_id", ",".join(["019aac40-12c4-7b31-8e0f-6d5c4b3a2910"] * 201)),
        ("priority", "high,,low"),
        ("due", "tomorrow"),
        ("due_before", "2026-02-30"),
        ("due_after", ""),
        ("completed_after", "2026-12-24"),
        ("completed_before", "2026-12-24T18:30:00"),
        ("updated_after", "yesterday"),
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


@pytest.mark.usefixtures("todos")
def test_by_several_values_of_one(alice: Person, groceries: Any, errands: Any) -> None:
    assert titles(alice, status="todo,done") == ["bread", "milk"]
    assert titles(alice, status="done,todo,done") == ["bread", "milk"]
    assert titles(alice, priority="high,none", status="todo,cancelled") == ["letter", "milk"]
    assert titles(alice, list_id=f"{groceries['id']},{errands['id']}", status="todo,in_progress") == ["parcel", "milk"]


@pytest.mark.usefixtures("todos")
def test_one_filter_written_in_two_ways_has_one_cursor(alice: Person) -> None:
    cursor = page(alice, "/api/todos/", status="done,todo", limit=1)["next"]

    assert titles(alice, status="todo,done,todo", cursor=cursor) == ["milk"]


@pytest.mark.usefixtures("todos")
def test_a_range_of_days_takes_in_its_beginning_and_not_its_end(alice: Person) -> None:
    assert titles(alice, due_after="2026-12-24", due_before="2026-12-31") == ["letter", "milk"]
    assert titles(alice, due_after="2026-12-25") == ["parcel"]
    assert titles(alice, due_before="2026-12-24") == []
    assert titles(alice, due_after="0001-01-01", due_before="9999-12-31") == ["parcel", "letter", "milk"]
    assert titles(alice, due_date="9999-12-31") == titles(alice, due_date="0001-01-01") == []


@pytest.mark.usefixtures("todos")
@pytest.mark.parametrize("name", ["created", "updated", "completed"])
def test_a_range_of_moments_takes_in_its_beginning_and_not_its_end(alice: Person, name: str) -> None:
    [bread] = alice.get("/api/todos/", params={"status": "done"}).json()["results"]
    moment = bread[f"{name}_at"]

    assert "bread" in titles(alice, **{f"{name}_after": moment})
    assert "milk" not in titles(alice, **{f"{name}_after": moment})
    assert titles(alice, **{f"{name}_after": "9999-12-31T23:59:59.999999Z"}) == []
    assert "bread" in titles(alice, **{f"{name}_after": "0001-01-01T00:00:00+14:00"})
    if name != "updated":
        assert "bread" not in titles(alice, **{f"{name}_before": moment})
        assert "bread" in titles(alice, **{f"{name}_before": "9999-12-31T23:59:59-12:00"})


@pytest.mark.usefixtures("todos")
@pytest.mark.parametrize("order", ["created", "-created", "updated", "-updated"])
def test_pages_of_a_range_are_whole_in_both_directions(alice: Person, order: str) -> None:
    [bread] = alice.get("/api/todos/", params={"status": "done"}).json()["results"]
    query = {"order": order, "limit": 1, f"{order.removeprefix('-')}_after": bread["created_at"]}

    *_, last = pages = list(walk(alice, "/api/todos/", **query))
    back = list(walk(alice, "/api/todos/", "previous", **query, cursor=last["previous"]))

    assert len(ids(*pages)) == 3
    assert ids(*reversed(back), last) == ids(*pages)


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("due=none&due_before=2026-12-24", ["/due", "/due_before"]),
        ("due=today&due_date=2026-12-24", ["/due", "/due_date"]),
        ("due_date=2026-12-24&due_after=2026-12-24", ["/due_date", "/due_after"]),
        ("due_after=2026-12-24&due_before=2026-12-24", ["/due_before"]),
        ("due_after=9999-12-31&due_before=0001-01-01", ["/due_before"]),
        ("created_after=2026-12-24T00:00:00Z&created_before=2026-12-24T01:00:00%2B01:00", ["/created_before"]),
        ("completed_after=2026-12-24T00:00:00Z&completed_before=2026-12-23T00:00:00Z", ["/completed_before"]),
        ("completed_after=2026-12-24T00:00:00Z&status=todo,cancelled", ["/completed_after", "/status"]),
        ("completed_before=2026-12-24T00:00:00Z&due=overdue", ["/completed_before", "/due"]),
        ("due=overdue&status=done,cancelled", ["/due", "/status"]),
    ],
)
def test_filters_that_contradict_each_other_are_refused(mallory: Person, query: str, pointers: list[str]) -> None:
    assert_problem(mallory.get(f"/api/todos/?{query}"), 422, "invalid", *pointers)
