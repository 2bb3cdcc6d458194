"""The one door for every write: a user's revision counts the changes, and nothing but changes."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import CALLS, ROUTES, UNSAFE, Route, belongings, call, good_body
from tests.rows import revision_of

WRITES = [route for route in UNSAFE if route.is_api]
WITH_BODY = [route for route in WRITES if route in CALLS and CALLS[route].payload]
WITH_ID = [route for route in WRITES if "{" in route.path]


def test_the_calls_and_the_url_map_name_the_same_routes() -> None:
    assert set(UNSAFE) == set(CALLS)


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_write_moves_the_revision_by_one(alice: Person, route: Route) -> None:
    ids = belongings(alice)
    before = revision_of(alice)

    assert call(alice, route, ids).ok
    assert revision_of(alice) == before + 1


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_a_write_that_is_not_allowed_leaves_the_revision(alice: Person, route: Route) -> None:
    ids = belongings(alice)
    before = revision_of(alice)

    assert_problem(call(alice, route, ids, {**(good_body(route, ids) or {}), "colour": 1}), 422, "invalid", "/colour")
    assert revision_of(alice) == before


@pytest.mark.parametrize("route", WITH_ID, ids=str)
def test_a_write_to_someone_elses_row_leaves_both_revisions(alice: Person, bob: Person, route: Route) -> None:
    ids = belongings(alice)
    before = revision_of(alice)

    assert_problem(call(bob, route, ids), 404, "not_found")
    assert (revision_of(alice), revision_of(bob)) == (before, 0)


@pytest.mark.parametrize("route", WRITES, ids=str)
def test_a_write_without_a_csrf_token_leaves_the_revision(alice: Person, route: Route) -> None:
    ids = belongings(alice)
    before = revision_of(alice)

    assert_problem(call(alice, route, ids, headers={"X-CSRFToken": None}), 403, "csrf_failed")
    assert revision_of(alice) == before


def test_a_stale_change_leaves_the_revision(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries)
    alice.patch(f"/api/todos/{todo['id']}/", json={"title": "Buy rye bread"})
    before = revision_of(alice)

    assert_problem(
        alice.patch(f"/api/todos/{todo['id']}/", json={"title": "Buy rolls", "version": 1}), 412, "stale_version"
    )
    assert revision_of(alice) == before


def test_reading_leaves_the_revision(alice: Person) -> None:
    ids = belongings(alice)
    before = revision_of(alice)

    assert all(call(alice, route, ids).ok for route in ROUTES if route.is_reading)
    assert revision_of(alice) == before


def test_parallel_writes_of_one_user_are_all_counted(alice: Person, groceries: Any) -> None:
    before = revision_of(alice)
    devices = [alice.on_another_device() for _ in range(5)]

    with ThreadPoolExecutor(20) as crowd:
        made = list(crowd.map(lambda number: devices[number % 5].make_todo(groceries)["id"], range(20)))

    assert len(set(made)) == 20
    assert revision_of(alice) == before + 20
