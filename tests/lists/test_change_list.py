"""Changing a list."""

from typing import Any

from tests.cast import Person
from tests.problems import assert_problem


def change(person: Person, one: Any, **changes: Any) -> Any:
    answer = person.patch(f"/api/lists/{one['id']}/", json=changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_is_absent_stays(alice: Person) -> None:
    groceries = alice.make_list("Groceries", color="#3366ff")

    changed = change(alice, groceries, name="Market")

    assert changed == groceries | {"name": "Market", "version": 2, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > groceries["updated_at"]


def test_a_change_is_there_on_the_next_read(alice: Person, groceries: Any) -> None:
    changed = change(alice, groceries, color="#FF6633")

    assert alice.get(f"/api/lists/{groceries['id']}/").json() == changed
    assert changed["color"] == "#ff6633"


def test_a_list_is_archived_and_taken_back(alice: Person, groceries: Any) -> None:
    assert change(alice, groceries, is_archived=True)["is_archived"] is True
    assert change(alice, groceries, is_archived=False)["is_archived"] is False


def test_an_archived_list_keeps_its_todos(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries)

    change(alice, groceries, is_archived=True)

    assert alice.get(f"/api/todos/{todo['id']}/").json() == todo


def test_who_a_list_belongs_to_and_its_id_can_not_be_changed(alice: Person, groceries: Any) -> None:
    answer = alice.patch(f"/api/lists/{groceries['id']}/", json={"id": groceries["id"], "user_id": groceries["id"]})

    assert_problem(answer, 422, "invalid", "/id", "/user_id")


def test_a_refused_change_changes_nothing(alice: Person, groceries: Any) -> None:
    answer = alice.patch(f"/api/lists/{groceries['id']}/", json={"name": "Market", "color": "red"})

    assert_problem(answer, 422, "invalid", "/color")
    assert alice.get(f"/api/lists/{groceries['id']}/").json() == groceries
