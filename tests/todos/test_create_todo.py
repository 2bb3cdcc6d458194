"""Making a todo."""

from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import NOWHERE


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


def test_a_todo_keeps_all_it_was_given(alice: Person, groceries: Any) -> None:
    given = {
        "title": "Bake Stollen",
        "description": "With **marzipan**.\n\n- raisins\n- rum",
        "status": "in_progress",
        "priority": "urgent",
        "due_date": "2026-12-24",
        "due_time": "18:30:00",
        "due_timezone": "Europe/Berlin",
    }

    todo = alice.make_todo(groceries, **given)

    assert todo == todo | given | {"list_id": groceries["id"], "completed_at": None, "version": 1}


def test_a_todo_may_be_done_from_the_start(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries, status="done")

    assert todo["completed_at"] >= todo["created_at"]


@pytest.mark.parametrize("title", ["", " ", "\n\t", "\N{IDEOGRAPHIC SPACE}"])
def test_a_todo_without_a_title_is_refused(mallory: Person, title: str) -> None:
    answer = mallory.post("/api/todos/", json={"title": title, "list_id": NOWHERE["list_id"]})

    assert_problem(answer, 422, "invalid", "/title")


def test_what_is_missing_is_named(mallory: Person) -> None:
    assert_problem(
        mallory.post("/api/todos/", json={"due_time": "09:30:00", "color": 1}), 422, "invalid", "/color", "/title"
    )


def test_a_todo_in_an_archived_list_is_fine(alice: Person) -> None:
    attic = alice.make_list("Attic", is_archived=True)

    assert alice.make_todo(attic)["list_id"] == attic["id"]
