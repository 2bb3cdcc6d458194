"""Two clients at once: nothing is lost, and nothing is visible that should not be."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.cast import Person
from tests.rows import revision_of
from tests.trash.conftest import trash, visible

ROUNDS = range(20)
Call = Callable[[], requests.Response]


@pytest.fixture
def phone(alice: Person) -> Person:
    """Return the same person with another connection."""
    phone = Person("phone", alice.url)
    phone.cookies.update(alice.cookies)
    phone.headers.update(alice.headers)
    return phone


@pytest.fixture
def at_once() -> Iterator[Callable[[Call, Call], list[int]]]:
    """Return a function that makes two calls at once and returns their statuses."""
    with ThreadPoolExecutor(2) as both:
        yield lambda *calls: [answer.status_code for answer in both.map(lambda call: call(), calls)]


def test_a_todo_added_to_a_list_while_that_is_deleted_is_refused_or_goes_along(
    alice: Person, phone: Person, at_once: Any
) -> None:
    for number in ROUNDS:
        groceries = alice.make_list()
        new = {"title": "Buy oat milk", "list_id": groceries["id"]}
        deleted, added = at_once(
            lambda: alice.delete(f"/api/lists/{groceries['id']}/"),  # noqa: B023 - called within the round
            lambda: phone.post("/api/todos/", json=new),  # noqa: B023
        )
        assert (deleted, added in {201, 422}) == (204, True)
        assert visible(alice, "todos") == []

        assert alice.post(f"/api/trash/{groceries['id']}/restore/").ok
        todos = visible(alice, "todos")
        assert len(todos) == (added == 201), number
        assert alice.delete(f"/api/lists/{groceries['id']}/").ok


def test_of_two_restorations_one_happens(alice: Person, phone: Person, at_once: Any) -> None:
    groceries = alice.make_list()
    milk = alice.make_todo(groceries)
    for number in ROUNDS:
        assert alice.delete(f"/api/lists/{groceries['id']}/").ok
        before = revision_of(alice)

        found = at_once(*(lambda who=who: who.post(f"/api/trash/{groceries['id']}/restore/") for who in (alice, phone)))

        assert sorted(found) == [200, 404]
        assert revision_of(alice) == before + 1
        assert alice.get(f"/api/todos/{milk['id']}/").json()["version"] == number + 2


def test_a_list_deleted_and_restored_at_once_is_whole_or_whole_in_the_trash(
    alice: Person, phone: Person, at_once: Any
) -> None:
    groceries = alice.make_list()
    milk = alice.make_todo(groceries)
    for _ in ROUNDS:
        statuses = at_once(
            lambda: alice.delete(f"/api/lists/{groceries['id']}/"),
            lambda: phone.post(f"/api/trash/{groceries['id']}/restore/"),
        )

        assert set(statuses) <= {200, 204, 404}
        shown = visible(alice, "lists")
        assert visible(alice, "todos") == ([milk["id"]] if shown else [])
        assert [item["todo_count"] for item in trash(alice)] == ([] if shown else [1])


def test_what_is_restored_while_the_trash_is_emptied_is_whole_or_gone(
    alice: Person, phone: Person, at_once: Any
) -> None:
    for _ in ROUNDS:
        groceries = alice.make_list()
        milk = alice.make_todo(groceries)
        assert alice.delete(f"/api/lists/{groceries['id']}/").ok

        emptied, restored = at_once(
            lambda: alice.delete("/api/trash/"),
            lambda: phone.post(f"/api/trash/{groceries['id']}/restore/"),  # noqa: B023
        )

        assert (emptied, restored in {200, 404}) == (204, True)
        assert visible(alice, "todos") == ([milk["id"]] if restored == 200 else [])
        assert trash(alice) == []
        alice.delete(f"/api/lists/{groceries['id']}/")
        alice.delete("/api/trash/")
