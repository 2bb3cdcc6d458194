"""Clients may choose the ids of what they create, so that they know them before the server does."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import requests
from uuid_utils.compat import uuid7

from tests.cast import Person
from tests.problems import assert_problem

KINDS = ("lists", "todos")
OF_OTHER_VERSIONS = ["4c71e938-e989-11f1-99b9-02fc00000001", "ab8df4e1-7ab5-5ea1-a2d4-2b4f2c3d4e5f"]  # 1 and 5
WITHOUT_DASHES = "f60e40410275418a909dbc8baaee4049"


def create(person: Person, kind: str, chosen: object, headers: dict[str, str] | None = None) -> requests.Response:
    body: dict[str, Any] = {"id": chosen}
    body |= {"name": "Groceries"} if kind == "lists" else {"title": "Buy milk", "list_id": person.make_list()["id"]}
    return person.post(f"/api/{kind}/", json=body, headers=headers)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [uuid4, uuid7])
def test_an_id_of_version_4_or_7_is_taken_over(alice: Person, kind: str, make: Any) -> None:
    chosen = str(make())

    assert create(alice, kind, chosen).json()["id"] == chosen
    assert alice.get(f"/api/{kind}/{chosen}/").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_that_is_taken_is_refused_whoever_has_it(alice: Person, bob: Person, kind: str) -> None:
    taken = create(alice, kind, str(uuid4())).json()

    for person in (alice, bob):
        assert_problem(create(person, kind, taken["id"]), 409, "id_taken")
    assert alice.get(f"/api/{kind}/{taken['id']}/").json() == taken


@pytest.mark.parametrize("kind", KINDS)
def test_who_asks_for_a_row_that_is_not_there_yet_is_told_that_the_condition_fails(
    alice: Person, bob: Person, kind: str
) -> None:
    chosen = str(uuid4())
    made = create(alice, kind, chosen, {"If-None-Match": "*"})
    assert made.status_code == 201
    deleted = create(alice, kind, str(uuid4())).json()["id"]
    alice.delete(f"/api/{kind}/{deleted}/")

    for person, taken in ((alice, chosen), (bob, chosen), (alice, deleted)):
        assert_problem(create(person, kind, taken, {"If-None-Match": "*"}), 412, "precondition_failed")
        assert_problem(create(person, kind, taken, {"If-None-Match": '"1"'}), 409, "id_taken")
    assert alice.get(f"/api/{kind}/{chosen}/").json() == made.json()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", ["", "nonsense", 1, None, *OF_OTHER_VERSIONS, str(UUID(int=0)), WITHOUT_DASHES])
def test_what_is_no_such_id_is_refused(alice: Person, kind: str, wrong: object) -> None:
    assert_problem(create(alice, kind, wrong), 422, "invalid", "/id")


@pytest.mark.parametrize("kind", KINDS)
def test_capitals_make_no_other_id(alice: Person, kind: str) -> None:
    chosen = str(uuid4())
    assert create(alice, kind, chosen.upper()).json()["id"] == chosen

    assert_problem(create(alice, kind, chosen), 409, "id_taken")


@pytest.mark.parametrize("kind", KINDS)
def test_a_tag_of_what_was_deleted_for_good_is_none_of_what_has_its_id_now(alice: Person, kind: str) -> None:
    chosen = str(uuid4())
    path, tag = f"/api/{kind}/{chosen}/", create(alice, kind, chosen).headers["ETag"]
    assert alice.delete(path, headers={"If-Match": tag}).status_code == 204
    assert alice.delete(f"/api/trash/{chosen}/").status_code == 204

    made = create(alice, kind, chosen).json()

    assert alice.get(path, headers={"If-None-Match": tag}).json() == made
    assert_problem(alice.patch(path, json={}, headers={"If-Match": tag}), 412, "stale_version")
    assert_problem(alice.delete(path, headers={"If-Match": tag}), 412, "stale_version")
