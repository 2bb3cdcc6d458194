"""Reading todos."""

from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem


def test_a_todo_reads_like_the_answer_that_made_it(alice: Person, milk: Any) -> None:
    assert alice.get(f"/api/todos/{milk['id']}/").json() == milk


def test_todos_come_newest_first(alice: Person, groceries: Any, milk: Any) -> None:
    bread = alice.make_todo(groceries, "Buy rye bread")

    assert alice.get("/api/todos/").json() == {"results": [bread, milk], "next": None, "previous": None}


@pytest.mark.usefixtures("milk")
def test_nobody_sees_the_todos_of_another(bob: Person, groceries: Any) -> None:
    assert bob.get("/api/todos/").json()["results"] == []
    assert bob.get(f"/api/todos/?list_id={groceries['id']}").json()["results"] == []


def test_times_are_in_utc_and_say_so(milk: Any) -> None:
    assert milk["created_at"].endswith("Z")
    assert milk["updated_at"].endswith("Z")


@pytest.mark.parametrize("todo_id", ["1", "milk", "019aac42-5d17-7e02-a1b8-90c3d4e5f60", "%F0%9F%A5%9B", "-1"])
def test_an_id_that_is_no_uuid_is_not_found(mallory: Person, todo_id: str) -> None:
    assert_problem(mallory.get(f"/api/todos/{todo_id}/"), 404, "not_found")


def test_only_its_owner_may_keep_a_copy_and_asks_before_using_it(alice: Person, milk: Any) -> None:
    assert alice.get(f"/api/todos/{milk['id']}/").headers["Cache-Control"] == "private, no-cache"
