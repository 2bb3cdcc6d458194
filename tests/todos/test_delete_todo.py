"""Deleting a todo."""

from typing import Any

from tests.cast import Person
from tests.problems import assert_problem


def test_a_deleted_todo_is_gone(alice: Person, milk: Any) -> None:
    answer = alice.delete(f"/api/todos/{milk['id']}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(alice.get(f"/api/todos/{milk['id']}/"), 404, "not_found")
    assert alice.get("/api/todos/").json()["results"] == []


def test_its_list_and_its_neighbours_stay(alice: Person, groceries: Any, milk: Any) -> None:
    bread = alice.make_todo(groceries, "Buy rye bread")

    alice.delete(f"/api/todos/{milk['id']}/")

    assert alice.get("/api/todos/").json()["results"] == [bread]
    assert alice.lists() == [groceries]


def test_deleting_twice_is_not_found(alice: Person, milk: Any) -> None:
    alice.delete(f"/api/todos/{milk['id']}/")

    assert_problem(alice.delete(f"/api/todos/{milk['id']}/"), 404, "not_found")


def test_a_deleted_todo_can_not_be_changed_back_to_life(alice: Person, milk: Any) -> None:
    alice.delete(f"/api/todos/{milk['id']}/")

    assert_problem(alice.patch(f"/api/todos/{milk['id']}/", json={"title": "Buy milk"}), 404, "not_found")


def test_someone_elses_todo_survives_the_attempt(alice: Person, bob: Person, milk: Any) -> None:
    assert_problem(bob.delete(f"/api/todos/{milk['id']}/"), 404, "not_found")

    assert alice.get(f"/api/todos/{milk['id']}/").json() == milk
