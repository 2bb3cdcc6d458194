"""The inbox: the list that is there from the start, for todos that name none."""

from typing import Any

import pytest

from tests.cast import Person
from tests.operators import manage
from tests.problems import assert_problem
from tests.rows import INBOXES, ask, revision_of

REMOVED = "DELETE FROM core_list WHERE is_inbox AND user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id"


def inbox(person: Person) -> Any:
    [found] = [one for one in person.get("/api/lists/").json()["results"] if one["is_inbox"]]
    return {name: value for name, value in found.items() if name != "todo_counts"}


def test_a_new_account_has_one_list_the_inbox(alice: Person) -> None:
    [found] = alice.get("/api/lists/").json()["results"]

    assert (found["name"], found["is_inbox"], found["is_archived"], found["version"]) == ("Inbox", True, False, 1)
    assert revision_of(alice) == 0


def test_it_stands_before_all_other_lists(alice: Person, groceries: Any) -> None:
    found = alice.get("/api/lists/?order=position").json()["results"]

    assert [one["id"] for one in found] == [inbox(alice)["id"], groceries["id"]]


def test_a_todo_that_names_no_list_goes_there(alice: Person) -> None:
    todo = alice.post("/api/todos/", json={"title": "Buy oat milk"}).json()

    assert todo["list_id"] == inbox(alice)["id"]
    assert alice.get(f"/api/todos/?list_id={todo['list_id']}").json()["results"] == [todo]


def test_it_may_be_renamed_recoloured_and_moved(alice: Person, groceries: Any) -> None:
    path = f"/api/lists/{inbox(alice)['id']}/"

    changed = alice.patch(path, json={"name": "Eingang", "color": "#3366ff", "after": groceries["id"]})

    assert (changed.json()["name"], changed.json()["color"]) == ("Eingang", "#3366ff")
    assert changed.json() == inbox(alice)
    assert changed.json()["position"] > groceries["position"]


def test_it_can_be_neither_deleted_nor_archived(alice: Person) -> None:
    path, before = f"/api/lists/{inbox(alice)['id']}/", revision_of(alice)

    assert_problem(alice.delete(path), 409, "inbox_stays")
    assert_problem(alice.patch(path, json={"is_archived": True, "name": "Attic"}), 409, "inbox_stays")
    assert (inbox(alice)["name"], revision_of(alice)) == ("Inbox", before)


@pytest.mark.parametrize("value", [True, False])
def test_no_other_list_becomes_the_inbox(alice: Person, groceries: Any, *, value: bool) -> None:
    assert_problem(alice.post("/api/lists/", json={"name": "Mine", "is_inbox": value}), 422, "invalid", "/is_inbox")
    refused = alice.patch(f"/api/lists/{groceries['id']}/", json={"is_inbox": value})
    assert_problem(refused, 422, "invalid", "/is_inbox")


def test_everyone_has_one_of_their_own(alice: Person, bob: Person) -> None:
    assert inbox(alice)["id"] != inbox(bob)["id"]
    assert_problem(bob.get(f"/api/lists/{inbox(alice)['id']}/"), 404, "not_found")


def test_whom_an_older_release_has_signed_up_gets_one_with_the_first_todo_that_needs_it(alice: Person) -> None:
    ask(REMOVED, alice.email)

    first, second = (alice.post("/api/todos/", json={"title": "Buy oat milk"}).json() for _ in range(2))

    assert first["list_id"] == second["list_id"] == inbox(alice)["id"]
    assert ask(INBOXES, alice.email) == 1


def test_whom_an_operator_makes_an_account_has_one_too(anonymous: Person) -> None:
    assert manage("create_user", anonymous.email).returncode == 0

    assert ask(INBOXES, anonymous.email) == 1
