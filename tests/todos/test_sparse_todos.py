"""As much of a todo as is needed, and how many there are."""

from typing import Any

import pytest

from app.todos.serializers import SparseTodo, TodoOut
from tests.cast import Person
from tests.pages import page, walk
from tests.problems import assert_problem


@pytest.fixture
def three(alice: Person, groceries: Any) -> list[Any]:
    return [alice.make_todo(groceries, title, priority="high") for title in ("milk", "bread", "soap")]


def test_a_sparse_answer_has_the_members_that_were_asked_for_and_the_id(alice: Person, three: list[Any]) -> None:
    shown = page(alice, "/api/todos/", fields="title,priority,due_date", order="created")["results"]

    names = ("id", "title", "priority", "due_date")
    assert shown == [{name: todo[name] for name in names} for todo in three]


def test_every_member_can_be_asked_for() -> None:
    assert SparseTodo.__struct_fields__ == TodoOut.__struct_fields__


@pytest.mark.usefixtures("three")
def test_members_may_change_from_page_to_page(alice: Person) -> None:
    cursor = page(alice, "/api/todos/", fields="title", limit=1)["next"]

    assert page(alice, "/api/todos/", fields="id,version", limit=1, cursor=cursor)["results"][0].keys() == {
        "id",
        "version",
    }


@pytest.mark.parametrize("fields", ["", "name", "title,", "title,user_id", "Title", "words", "id;title", "*"])
def test_a_member_that_does_not_exist_is_refused(mallory: Person, fields: str) -> None:
    assert_problem(mallory.get("/api/todos/", params={"fields": fields}), 422, "invalid", "/fields")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("filters", "count"),
    [({}, 3), ({"order": "title"}, 3), ({"q": "milk"}, 1), ({"status": "done"}, 0), ({"priority": "low"}, 0)],
    ids=str,
)
def test_all_that_match_are_counted_if_asked(alice: Person, filters: dict[str, str], count: int) -> None:
    assert "count" not in page(alice, "/api/todos/", **filters)
    assert page(alice, "/api/todos/", count="true", **filters)["count"] == count


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("order", ["created", "-due", "position"])
def test_every_page_knows_the_count(alice: Person, order: str) -> None:
    assert [found["count"] for found in walk(alice, "/api/todos/", limit=1, order=order, count="true")] == [3, 3, 3]


@pytest.mark.usefixtures("three")
def test_a_page_that_has_become_empty_still_counts(alice: Person, three: list[Any]) -> None:
    cursor = page(alice, "/api/todos/", limit=2)["next"]
    alice.delete(f"/api/todos/{three[0]['id']}/")

    assert page(alice, "/api/todos/", cursor=cursor, limit=2, count="true") == {
        "results": [],
        "next": None,
        "previous": None,
        "count": 2,
    }


@pytest.mark.parametrize("count", ["", "yes", "2", "True\x00"])
def test_what_is_no_yes_or_no_is_refused(mallory: Person, count: str) -> None:
    assert_problem(mallory.get("/api/todos/", params={"count": count}), 422, "invalid", "/count")
