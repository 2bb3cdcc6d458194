"""Making a todo."""

from typing import Any

from tests.cast import Person
from tests.problems import assert_problem


def test_a_new_todo_appears_on_the_first_page(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries, "Buy oat milk")

    assert alice.get("/api/todos/").json()["results"] == [todo]


def test_a_new_todo_starts_open_without_priority_or_due_date(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries)

    assert (todo["status"], todo["priority"], todo["due_date"], todo["version"]) == ("todo", "none", None, 1)


def test_a_todo_in_someone_elses_list_is_refused_like_a_missing_one(alice: Person, bob: Person) -> None:
    hers = alice.make_list()
    missing = hers["id"][:-4] + "0000"

    foreign, absent = (
        bob.post("/api/todos/", json={"title": "Buy oat milk", "list_id": list_id}) for list_id in (hers["id"], missing)
    )

    assert_problem(foreign, 422, "invalid", "/list_id")
    assert foreign.json() | {"request_id": ""} == absent.json() | {"request_id": ""}
