"""When a todo is due: on a day, at a time of it wherever the reader is, or at an instant."""

from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import NOWHERE
from tests.todos.changes import change, patch

DAY = {"due_date": "2026-12-24"}
FLOATING = DAY | {"due_time": "18:30:00"}
INSTANT = FLOATING | {"due_timezone": "Europe/Rome"}
NONE = {"due_date": None, "due_time": None, "due_timezone": None}


def due(todo: Any) -> dict[str, Any]:
    return {name: todo[name] for name in NONE}


@pytest.mark.parametrize("given", [{}, DAY, FLOATING, INSTANT], ids=["never", "day", "floating", "instant"])
def test_each_kind_comes_back_as_it_was_given(alice: Person, groceries: Any, given: dict[str, str]) -> None:
    assert due(alice.make_todo(groceries, **given)) == NONE | given


@pytest.mark.parametrize("given", [{"due_time": "18:30:00"}, {"due_time": "18:30:00", "due_timezone": "Europe/Rome"}])
def test_a_time_needs_a_day(alice: Person, groceries: Any, given: dict[str, str]) -> None:
    answer = alice.post("/api/todos/", json={"title": "Buy oat milk", "list_id": groceries["id"], **given})

    assert_problem(answer, 422, "invalid", "/due_time")


def test_a_zone_needs_a_time(alice: Person, groceries: Any) -> None:
    given = {"title": "Buy oat milk", "list_id": groceries["id"], **DAY, "due_timezone": "Europe/Rome"}

    assert_problem(alice.post("/api/todos/", json=given), 422, "invalid", "/due_timezone")


def test_the_rules_hold_for_what_a_change_leaves_behind_and_name_a_member_of_it(alice: Person, groceries: Any) -> None:
    dinner = alice.make_todo(groceries, "Cook dinner", **INSTANT)

    for changes, pointer in (
        ({"due_date": None}, "/due_date"),
        ({"due_date": None, "due_time": "19:00:00"}, "/due_time"),
        ({"due_time": None}, "/due_time"),
        ({"due_time": None, "due_timezone": "Asia/Tokyo"}, "/due_timezone"),
    ):
        assert_problem(patch(alice, dinner, **changes), 422, "invalid", pointer)
    assert alice.get(f"/api/todos/{dinner['id']}/").json() == dinner


def test_an_instant_becomes_a_day_and_then_nothing(alice: Person, groceries: Any) -> None:
    dinner = alice.make_todo(groceries, "Cook dinner", **INSTANT)

    assert due(change(alice, dinner, due_time=None, due_timezone=None)) == NONE | DAY
    assert due(change(alice, dinner, due_date=None)) == NONE


def test_a_day_becomes_an_instant(alice: Person, milk: Any) -> None:
    assert due(change(alice, milk, due_time="07:00:00", due_timezone="Asia/Tokyo")) == {
        "due_date": "2026-12-24",
        "due_time": "07:00:00",
        "due_timezone": "Asia/Tokyo",
    }


@pytest.mark.parametrize("day", ["0001-01-01", "2028-02-29", "9999-12-31"])
def test_any_day_of_the_calendar_will_do(alice: Person, groceries: Any, day: str) -> None:
    assert alice.make_todo(groceries, due_date=day)["due_date"] == day


@pytest.mark.parametrize(("given", "kept"), [("00:00:00", "00:00:00"), ("23:59:59.999999", "23:59:59.999999")])
def test_any_time_of_day_will_do(alice: Person, groceries: Any, given: str, kept: str) -> None:
    assert alice.make_todo(groceries, **DAY, due_time=given)["due_time"] == kept


WRONG_DAYS = [
    "2026-02-29",
    "2026-13-01",
    "0000-01-01",
    "10000-01-01",
    "24.12.2026",
    "2026-12-24T00:00:00Z",
    "",
    20261224,
]
WRONG_TIMES = ["24:00:00", "18:60:00", "18:30:61", "6 pm", "18:30:00Z", "18:30:00+01:00", "", 1830]
WRONG_ZONES = ["Mars/Olympus", "+01:00", "CET+1", "europe/rome", "../../etc/passwd", "/etc/passwd", "", 1, []]


@pytest.mark.parametrize("day", WRONG_DAYS)
def test_what_is_no_day_is_refused(mallory: Person, day: object) -> None:
    answer = mallory.patch(f"/api/todos/{NOWHERE['todo_id']}/", json={"due_date": day})

    assert_problem(answer, 422, "invalid", "/due_date")


@pytest.mark.parametrize("time", WRONG_TIMES)
def test_what_is_no_time_of_day_is_refused(mallory: Person, time: object) -> None:
    answer = mallory.patch(f"/api/todos/{NOWHERE['todo_id']}/", json={"due_time": time})

    assert_problem(answer, 422, "invalid", "/due_time")


@pytest.mark.parametrize("zone", WRONG_ZONES)
def test_what_is_no_time_zone_is_refused(mallory: Person, zone: object) -> None:
    answer = mallory.patch(f"/api/todos/{NOWHERE['todo_id']}/", json={"due_timezone": zone})

    assert_problem(answer, 422, "invalid", "/due_timezone")
