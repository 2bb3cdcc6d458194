"""A cursor is good for what it was given for, and for nothing else."""

import random
from typing import Any

import pytest

from tests.cast import Person
from tests.pages import page
from tests.problems import assert_problem

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:"
FORGED = ["x", "null", "0", "WyIyMDI2Il0:c2ln", ":", "::", "é", "../..", "[false,[]]", "a" * 1000]


@pytest.fixture
def cursor(alice: Person, groceries: Any) -> str:
    """Return the way to alice's second page of todos."""
    for title in ("Buy oat milk", "Buy rye bread"):
        alice.make_todo(groceries, title)
    return str(page(alice, "/api/todos/", limit=1)["next"])


def assert_refused(person: Person, cursor: str, collection: str = "/api/todos/", **query: Any) -> None:
    assert_problem(person.get(collection, params={"cursor": cursor, **query}), 400, "invalid_cursor")


@pytest.mark.parametrize("cursor", FORGED)
def test_a_made_up_cursor_is_refused(mallory: Person, cursor: str) -> None:
    assert_refused(mallory, cursor)


def test_a_cursor_of_another_user_is_refused(mallory: Person, cursor: str) -> None:
    assert_refused(mallory, cursor)


def test_a_cursor_of_another_collection_is_refused(alice: Person, cursor: str) -> None:
    assert_refused(alice, cursor, "/api/lists/")


def test_a_cursor_of_other_filters_is_refused(alice: Person, cursor: str, groceries: Any) -> None:
    assert_refused(alice, cursor, status="todo")
    assert_refused(alice, cursor, list_id=groceries["id"])


def test_a_cursor_of_another_order_is_refused(alice: Person, cursor: str) -> None:
    assert_refused(alice, cursor, order="created")
    assert_refused(alice, cursor, order="-title")


def test_a_cursor_goes_on_with_the_filters_it_was_made_for(alice: Person, groceries: Any) -> None:
    made = [alice.make_todo(groceries, status=status)["id"] for status in ("done", "todo", "done")]
    filters = {"status": "done", "limit": 1}

    second = page(alice, "/api/todos/", cursor=page(alice, "/api/todos/", **filters)["next"], **filters)

    assert [todo["id"] for todo in second["results"]] == [made[0]]


def test_a_shortened_cursor_is_refused(alice: Person, cursor: str) -> None:
    for length in range(1, len(cursor), 7):
        assert_refused(alice, cursor[:length])


def test_a_changed_cursor_is_refused(alice: Person, cursor: str) -> None:
    chance = random.Random(20)
    for _ in range(20):
        at = chance.randrange(len(cursor))
        other = chance.choice(ALPHABET.replace(cursor[at], ""))
        assert_refused(alice, cursor[:at] + other + cursor[at + 1 :])


def test_a_cursor_outlives_the_row_it_was_made_from(alice: Person, cursor: str) -> None:
    newest = page(alice, "/api/todos/", limit=1)["results"][0]
    alice.delete(f"/api/todos/{newest['id']}/")

    assert len(page(alice, "/api/todos/", cursor=cursor)["results"]) == 1


def test_a_cursor_longer_than_any_of_ours_is_refused(mallory: Person) -> None:
    assert_problem(mallory.get("/api/todos/", params={"cursor": "a" * 4001}), 422, "invalid", "/cursor")
