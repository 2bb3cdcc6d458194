"""Deleting a list."""

from typing import Any

from tests.cast import Person
from tests.problems import assert_problem


def test_a_deleted_list_is_gone(alice: Person, groceries: Any) -> None:
    answer = alice.delete(f"/api/lists/{groceries['id']}/")

    assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(alice.get(f"/api/lists/{groceries['id']}/"), 404, "not_found")
    assert alice.lists() == []


def test_its_todos_go_with_it_and_no_others(alice: Person, groceries: Any) -> None:
    kept = alice.make_todo(alice.make_list("Errands"), "Post the letter")
    lost = alice.make_todo(groceries)

    alice.delete(f"/api/lists/{groceries['id']}/")

    assert alice.get("/api/todos/").json()["results"] == [kept]
    assert_problem(alice.get(f"/api/todos/{lost['id']}/"), 404, "not_found")


def test_deleting_twice_is_not_found(alice: Person, groceries: Any) -> None:
    alice.delete(f"/api/lists/{groceries['id']}/")

    assert_problem(alice.delete(f"/api/lists/{groceries['id']}/"), 404, "not_found")


def test_someone_elses_list_survives_the_attempt(alice: Person, bob: Person, groceries: Any) -> None:
    assert_problem(bob.delete(f"/api/lists/{groceries['id']}/"), 404, "not_found")

    assert alice.get(f"/api/lists/{groceries['id']}/").json() == groceries
