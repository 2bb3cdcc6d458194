"""Reading lists."""

from typing import Any

import pytest

from tests.cast import Person
from tests.problems import assert_problem


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


def test_nobody_sees_the_lists_of_another(alice: Person, bob: Person) -> None:
    alice.make_list()

    assert bob.lists() == []


@pytest.mark.parametrize("list_id", ["1", "groceries", "019aac40-12c4-7b31-8e0f-6d5c4b3a291", "{}", "%2e%2e"])
def test_an_id_that_is_no_uuid_is_not_found(mallory: Person, list_id: str) -> None:
    assert_problem(mallory.get(f"/api/lists/{list_id}/"), 404, "not_found")
