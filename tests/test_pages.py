"""Reading a collection page by page: nothing is skipped, nothing is shown twice."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Person
from tests.pages import ids, page, walk
from tests.problems import assert_problem

Make = Callable[[str], Any]


@pytest.fixture(params=["/api/lists/", "/api/todos/"])
def collection(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def make(alice: Person, collection: str) -> Make:
    """Return a function that makes one more row of the collection."""
    if collection == "/api/lists/":
        return alice.make_list
    groceries = alice.make_list()
    return lambda title: alice.make_todo(groceries, title)


@pytest.fixture
def seven(alice: Person, collection: str, make: Make) -> list[str]:
    """Return the ids of seven rows, in the order of the collection; among lists one is the inbox."""
    for number in range(7 - len(page(alice, collection)["results"])):
        make(f"Number {number}")
    return ids(page(alice, collection))


def test_the_pages_together_are_the_collection(alice: Person, collection: str, seven: list[str]) -> None:
    pages = list(walk(alice, collection, limit=3))

    assert [len(found["results"]) for found in pages] == [3, 3, 1]
    assert ids(*pages) == seven


def test_the_way_back_shows_the_same_rows_in_the_same_order(alice: Person, collection: str, seven: list[str]) -> None:
    *_, last = walk(alice, collection, limit=3)

    back = list(walk(alice, collection, "previous", limit=3, cursor=last["previous"]))

    assert ids(*reversed(back), last) == seven


def test_there_and_back_again_is_the_same_page(alice: Person, collection: str, seven: list[str]) -> None:
    first, second, *_ = walk(alice, collection, limit=3)

    returned = page(alice, collection, limit=3, cursor=second["previous"])

    assert ids(returned) == ids(first) == seven[:3]
    assert returned["next"] == first["next"]


def test_there_is_nothing_before_the_first_page_and_behind_the_last(
    alice: Person, collection: str, seven: list[str]
) -> None:
    first, *_, last = walk(alice, collection, limit=3)

    assert (first["previous"], last["next"]) == (None, None)
    assert page(alice, collection, limit=len(seven))["next"] is None


def test_the_limit_may_change_from_page_to_page(alice: Person, collection: str, seven: list[str]) -> None:
    first = page(alice, collection, limit=2)

    assert ids(page(alice, collection, limit=4, cursor=first["next"])) == seven[2:6]


def test_new_rows_between_two_pages_push_nothing_in_or_out(
    alice: Person, collection: str, seven: list[str], make: Make
) -> None:
    seen = []
    for found in walk(alice, collection, limit=2):
        seen += ids(found)
        if len(seen) < len(seven):
            make("Made meanwhile")

    assert len(seen) == len(set(seen))
    assert [row for row in seen if row in seven] == seven


def test_rows_deleted_between_two_pages_take_no_other_along(alice: Person, collection: str, seven: list[str]) -> None:
    first = page(alice, collection, limit=3)
    for gone in (seven[2], seven[3]):
        alice.delete(f"{collection}{gone}/")

    assert ids(first, *walk(alice, collection, limit=3, cursor=first["next"])) == seven[:3] + seven[4:]


def test_a_page_holds_fifty_rows_unless_asked(alice: Person, collection: str, make: Make) -> None:
    for number in range(51 - len(page(alice, collection)["results"])):
        make(f"Number {number}")

    assert [len(found["results"]) for found in walk(alice, collection)] == [50, 1]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "1.5", "fifty", "", "٣", "2147483648", "18446744073709551616"])
def test_a_limit_beyond_its_range_is_refused(mallory: Person, collection: str, limit: str) -> None:
    assert_problem(mallory.get(collection, params={"limit": limit}), 422, "invalid", "/limit")


def test_two_hundred_and_one_rows_take_two_of_the_largest_pages(alice: Person) -> None:
    groceries = alice.make_list()
    made = [alice.make_todo(groceries, f"Number {number}")["id"] for number in range(201)]

    pages = list(walk(alice, "/api/todos/", limit=200))

    assert [len(found["results"]) for found in pages] == [200, 1]
    assert ids(*pages) == made[::-1]
    assert ids(*walk(alice, "/api/todos/", limit=1, cursor=pages[0]["next"])) == made[:1]
