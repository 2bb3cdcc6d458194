"""What reading costs, in SQL and in calls to Redis: exact, as for all else."""

from typing import Any

import pytest
from django.test import Client

from tests.costs.counting import calls_to_redis, cost

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = [
    f"/api/todos/?{query}"
    for query in ("order=-due&count=true", "due=today&order=title", "q=milk&count=true", "fields=title&priority=none")
]


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/", "/api/todos/?status=todo&limit=200", *ASKED])
def test_a_page_costs_two_the_state_of_the_data_and_its_rows_and_then_one(alice: Client, collection: str) -> None:
    assert cost(alice, "GET", collection) == 2
    assert cost(alice, "GET", collection) == 1


@pytest.mark.usefixtures("milk")
def test_what_is_overdue_costs_two_each_time_because_it_changes_with_the_clock(alice: Client) -> None:
    overdue = "/api/todos/?due=overdue&order=title"

    assert [cost(alice, "GET", overdue) for _ in range(3)] == [2, 2, 2]


@pytest.mark.usefixtures("milk")
@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/", "/api/trash/"])
def test_a_poll_that_finds_nothing_new_costs_one_statement_and_one_call_to_redis(
    alice: Client, collection: str
) -> None:
    tag = alice.get(collection).headers["ETag"]
    before = calls_to_redis()

    assert cost(alice, "GET", collection, expected=304, If_None_Match=tag) == 1
    assert calls_to_redis() - before == 2  # the session, and the first of these two counts


def test_one_todo_costs_one_the_row(alice: Client, milk: Any) -> None:
    assert cost(alice, "GET", f"/api/todos/{milk['id']}/") == 1


def test_one_list_costs_one_the_row(alice: Client, groceries: Any) -> None:
    assert cost(alice, "GET", f"/api/lists/{groceries['id']}/") == 1


# A session is one call; so is each of the two ways to look for an answer that is kept, and to keep one.
CALLS_TO_REDIS = {
    ("GET", "/api/lists/?limit=7", 200): 3,
    ("GET", "/api/lists/", 200): 2,
    ("GET", "/api/todos/?limit=7", 200): 3,
    ("GET", "/api/todos/", 200): 2,
    ("GET", "/api/todos/?due=overdue", 200): 1,
    ("GET", "/api/trash/", 200): 1,
    ("GET", "/api/lists/{list_id}/", 200): 1,
    ("GET", "/api/todos/{todo_id}/", 200): 1,
    ("GET", "/auth/me/", 200): 0,
    ("POST", "/api/todos/", 201): 1,
    ("PATCH", "/api/todos/{todo_id}/", 200): 1,
    ("DELETE", "/api/todos/{todo_id}/", 204): 1,
}


@pytest.mark.parametrize(("asked", "expected"), CALLS_TO_REDIS.items(), ids=str)
def test_calls_to_redis(alice: Client, milk: Any, asked: tuple[str, str, int], expected: int) -> None:
    method, path, status = asked
    path = path.format(list_id=milk["list_id"], todo_id=milk["id"])
    for known in ("/api/lists/", "/api/todos/"):
        alice.get(known)
    before = calls_to_redis()

    cost(alice, method, path, {"title": "Buy bread"} if method in ("POST", "PATCH") else None, status)

    assert calls_to_redis() - before - 1 == expected  # the first of these two counts
