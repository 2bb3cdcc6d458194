"""Making a list."""

import pytest

from tests.cast import Person
from tests.problems import assert_problem


def test_a_new_list_appears_on_the_first_page(alice: Person) -> None:
    groceries = alice.make_list("Groceries")

    assert alice.lists() == [groceries]


def test_a_new_list_is_grey_and_in_use(alice: Person) -> None:
    groceries = alice.make_list("Groceries")

    assert (groceries["name"], groceries["color"], groceries["is_archived"]) == ("Groceries", "#808080", False)


def test_a_colour_comes_back_in_lower_case(alice: Person) -> None:
    assert alice.make_list(color="#AbCdEf")["color"] == "#abcdef"


@pytest.mark.parametrize(
    "color", ["red", "#fff", "#12345g", "123456", "#1234567", "#123456\n", "#\N{FULLWIDTH DIGIT ONE}23456", ""]
)
def test_what_is_no_colour_is_refused(mallory: Person, color: str) -> None:
    answer = mallory.post("/api/lists/", json={"name": "Groceries", "color": color})

    assert_problem(answer, 422, "invalid", "/color")


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\N{NO-BREAK SPACE}"])
def test_a_list_without_a_name_is_refused(mallory: Person, name: str) -> None:
    assert_problem(mallory.post("/api/lists/", json={"name": name}), 422, "invalid", "/name")


def test_two_lists_may_have_one_name(alice: Person) -> None:
    first, second = alice.make_list("Groceries"), alice.make_list("Groceries")

    assert first["id"] != second["id"]


def test_lists_stand_in_the_order_they_were_made(alice: Person) -> None:
    made = [alice.make_list(name) for name in ("Groceries", "Errands", "Books")]

    assert [one["position"] for one in made] == sorted(one["position"] for one in made)
