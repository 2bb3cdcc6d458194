"""Reading lists."""

from typing import Any

import pytest

from tests.cast import Person
from tests.pages import ids, page, walk
from tests.problems import assert_problem
from tests.rows import connect

LONG = "UPDATE core_list SET position = rpad(position, 1000, 'z') WHERE id = %s"


@pytest.fixture
def three(alice: Person) -> list[Any]:
    return [alice.make_list("Groceries"), alice.make_list("Errands", is_archived=True), alice.make_list("Groceries")]


def names(person: Person, query: str) -> list[str]:
    return [one["name"] for one in person.lists(query)]


def test_a_list_reads_like_the_answer_that_made_it(alice: Person, groceries: Any) -> None:
    assert alice.get(f"/api/lists/{groceries['id']}/").json() == groceries


def test_lists_come_oldest_first(alice: Person, three: list[Any]) -> None:
    assert alice.lists() == three


@pytest.mark.usefixtures("three")
def test_a_filter_keeps_what_it_names(alice: Person) -> None:
    assert names(alice, "name=Groceries") == ["Groceries", "Groceries"]
    assert names(alice, "name=groceries") == []
    assert names(alice, "is_archived=true") == ["Errands"]
    assert names(alice, "is_archived=false") == ["Groceries", "Groceries"]


@pytest.mark.usefixtures("three")
def test_filters_together_keep_what_both_name(alice: Person) -> None:
    assert names(alice, "name=Groceries&is_archived=true") == []


def test_lists_come_by_name_or_in_the_order_by_hand(alice: Person, three: list[Any]) -> None:
    alice.patch(f"/api/lists/{three[2]['id']}/", json={"before": three[1]["id"]})

    assert names(alice, "order=name") == ["Errands", "Groceries", "Groceries"]
    assert names(alice, "order=position") == ["Groceries", "Groceries", "Errands"]
    assert names(alice, "order=created") == ["Groceries", "Errands", "Groceries"]


@pytest.mark.parametrize("order", ["created", "name", "position"])
def test_every_order_is_walked_whole_however_long_names_and_positions_are(alice: Person, order: str) -> None:
    made = [alice.make_list("🐈" * 199 + last) for last in "cab"]
    with connect() as connection:
        for one in made:
            connection.execute(LONG, [one["id"]])

    there = list(walk(alice, "/api/lists/", limit=1, order=order))
    back = list(walk(alice, "/api/lists/", "previous", limit=1, order=order, cursor=there[-1]["previous"]))

    assert ids(*there) == ids(page(alice, "/api/lists/", order=order)) == ids(*reversed(back), there[-1])
    assert len(there) == 4


def test_a_cursor_is_for_one_order(alice: Person, three: list[Any]) -> None:
    cursor = page(alice, "/api/lists/", limit=1, order="name")["next"]

    assert three
    assert_problem(alice.get("/api/lists/", params={"cursor": cursor, "order": "position"}), 400, "invalid_cursor")


@pytest.mark.parametrize("order", ["", "id", "-created", "Name", "name,created"])
def test_what_is_no_order_is_refused(mallory: Person, order: str) -> None:
    assert_problem(mallory.get(f"/api/lists/?order={order}"), 422, "invalid", "/order")


def test_nobody_sees_the_lists_of_another(alice: Person, bob: Person) -> None:
    alice.make_list()

    assert bob.lists() == []


@pytest.mark.parametrize("list_id", ["1", "groceries", "019aac40-12c4-7b31-8e0f-6d5c4b3a291", "{}", "%2e%2e"])
def test_an_id_that_is_no_uuid_is_not_found(mallory: Person, list_id: str) -> None:
    assert_problem(mallory.get(f"/api/lists/{list_id}/"), 404, "not_found")
