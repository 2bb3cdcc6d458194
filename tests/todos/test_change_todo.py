"""Changing a todo."""

from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import NOWHERE
from tests.todos.changes import change, patch


def test_what_is_absent_stays(alice: Person, milk: Any) -> None:
    changed = change(alice, milk, title="Buy soy milk")

    assert changed == milk | {"title": "Buy soy milk", "version": 2, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > milk["updated_at"]


def test_a_change_is_there_on_the_next_read(alice: Person, milk: Any) -> None:
    changed = change(alice, milk, title="Buy soy milk", status="in_progress", priority="low")

    assert alice.get(f"/api/todos/{milk['id']}/").json() == changed
    assert alice.get("/api/todos/").json()["results"] == [changed]


def test_null_clears(alice: Person, milk: Any) -> None:
    assert change(alice, milk, due_date=None)["due_date"] is None


@pytest.mark.parametrize("name", ["title", "description", "status", "priority", "list_id", "version"])
def test_what_can_not_be_empty_is_not_cleared(alice: Person, milk: Any, name: str) -> None:
    assert_problem(patch(alice, milk, **{name: None}), 422, "invalid", f"/{name}")
    assert alice.get(f"/api/todos/{milk['id']}/").json() == milk


def test_done_notes_when(alice: Person, milk: Any) -> None:
    done = change(alice, milk, status="done")

    assert milk["updated_at"] < done["completed_at"] <= done["updated_at"]


def test_done_again_keeps_the_first_time(alice: Person, milk: Any) -> None:
    done = change(alice, milk, status="done")

    assert change(alice, milk, status="done", title="Buy soy milk")["completed_at"] == done["completed_at"]


@pytest.mark.parametrize("status", ["todo", "in_progress", "cancelled"])
def test_undone_forgets_when(alice: Person, milk: Any, status: str) -> None:
    change(alice, milk, status="done")

    assert change(alice, milk, status=status)["completed_at"] is None


def test_moving_to_another_list_keeps_the_todo(alice: Person, milk: Any) -> None:
    market = alice.make_list("Market")

    moved = change(alice, milk, list_id=market["id"])

    assert (moved["id"], moved["list_id"], moved["created_at"]) == (milk["id"], market["id"], milk["created_at"])
    assert alice.get(f"/api/todos/?list_id={market['id']}").json()["results"] == [moved]


def test_moving_to_someone_elses_list_is_refused_like_to_a_missing_one(alice: Person, bob: Person, milk: Any) -> None:
    foreign = patch(alice, milk, list_id=bob.make_list()["id"])
    missing = patch(alice, milk, list_id=NOWHERE["list_id"])

    assert_problem(foreign, 422, "invalid", "/list_id")
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}
    assert alice.get(f"/api/todos/{milk['id']}/").json() == milk


@pytest.mark.parametrize("name", ["id", "user_id", "position", "completed_at", "created_at", "updated_at", "__class__"])
def test_what_the_service_keeps_can_not_be_written(alice: Person, milk: Any, name: str) -> None:
    assert_problem(patch(alice, milk, **{name: milk["created_at"]}), 422, "invalid", f"/{name}")


def test_one_wrong_member_spoils_the_whole_change(alice: Person, milk: Any) -> None:
    assert_problem(patch(alice, milk, title="Buy soy milk", priority="highest"), 422, "invalid", "/priority")
    assert alice.get(f"/api/todos/{milk['id']}/").json() == milk
