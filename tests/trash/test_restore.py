"""What comes back from the trash, and what comes with it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask
from tests.tags import tag_of
from tests.trash.conftest import Delete, Restore, trash, visible

NOTED = "SELECT field_versions FROM core_todo WHERE id = %s"
AS_BEFORE_NOTES = "UPDATE core_todo SET version = 5, field_versions = '{\"title\": 3}' WHERE id = %s RETURNING 1"


def without(row: Any, *names: str) -> Any:
    return {name: value for name, value in row.items() if name not in names}


def test_a_todo_comes_back_as_it_was_one_version_on(alice: Person, milk: Any, delete: Delete, restore: Restore) -> None:
    delete("todos", milk)

    restored = restore(milk)

    assert without(restored, "version", "updated_at") == without(milk, "version", "updated_at")
    assert restored["version"] == 2
    assert restored["updated_at"] > milk["updated_at"]
    assert alice.get(f"/api/todos/{milk['id']}/").json() == restored
    assert trash(alice) == []


def test_a_list_comes_back_with_the_todos_that_went_along(
    alice: Person, groceries: Any, milk: Any, delete: Delete, restore: Restore
) -> None:
    bread = alice.make_todo(groceries, "Buy rye bread")
    delete("todos", bread)
    delete("lists", groceries)

    restored = restore(groceries)

    assert without(restored, "version", "updated_at") == without(groceries, "version", "updated_at")
    assert restored["version"] == 2
    assert visible(alice, "lists") == [groceries["id"]]
    assert visible(alice, "todos") == [milk["id"]]
    assert [(item["kind"], item["id"]) for item in trash(alice)] == [("todo", bread["id"])]


def test_the_todos_that_come_back_with_a_list_have_changed_too(
    alice: Person, groceries: Any, milk: Any, delete: Delete, restore: Restore
) -> None:
    delete("lists", groceries)
    restored = restore(groceries)

    back = alice.get(f"/api/todos/{milk['id']}/").json()

    assert (back["version"], back["updated_at"]) == (2, restored["updated_at"])


def test_a_todo_brings_its_list_back_and_what_went_along_with_it(
    alice: Person, groceries: Any, milk: Any, delete: Delete, restore: Restore
) -> None:
    bread, rolls = alice.make_todo(groceries, "Buy rye bread"), alice.make_todo(groceries, "Buy rolls")
    delete("todos", bread)
    delete("todos", rolls)
    delete("lists", groceries)

    assert restore(bread)["list_id"] == groceries["id"]

    assert visible(alice, "lists") == [groceries["id"]]
    assert visible(alice, "todos") == sorted([milk["id"], bread["id"]])
    assert [item["id"] for item in trash(alice)] == [rolls["id"]]


def test_a_list_that_was_deleted_again_takes_the_same_todos(
    alice: Person, groceries: Any, milk: Any, delete: Delete, restore: Restore
) -> None:
    for _ in range(2):
        delete("lists", groceries)
        restore(groceries)

    assert alice.get(f"/api/todos/{milk['id']}/").json()["version"] == 3


def test_an_edit_from_before_the_deletion_merges_and_if_match_from_before_is_stale(
    alice: Person, milk: Any, delete: Delete, restore: Restore
) -> None:
    delete("todos", milk)
    restore(milk)
    path, before = f"/api/todos/{milk['id']}/", {"If-Match": tag_of(milk)}

    assert_problem(alice.patch(path, json={"title": "Buy milk"}, headers=before), 412, "stale_version")
    assert alice.patch(path, json={"title": "Buy milk", "version": 1}).json()["version"] == 3


@pytest.mark.parametrize("kind", ["todos", "lists"])
def test_a_return_is_noted_like_any_change(alice: Person, groceries: Any, milk: Any, kind: str) -> None:
    """A version that a release without notes has counted counts for every field, after a return as well."""
    ask(AS_BEFORE_NOTES, milk["id"])
    gone = (milk if kind == "todos" else groceries)["id"]
    assert alice.delete(f"/api/{kind}/{gone}/").ok
    assert alice.post(f"/api/trash/{gone}/restore/").ok

    assert ask(NOTED, milk["id"]) == {"title": 3, "deleted_at": 6, "": 5}
    stale = alice.patch(f"/api/todos/{milk['id']}/", json={"title": "Buy milk", "version": 4})
    assert_problem(stale, 412, "stale_version")


def test_what_is_not_in_the_trash_by_itself_is_not_found(
    alice: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    """Neither what was never deleted, nor a todo that went along with its list."""
    restore, forever = f"/api/trash/{milk['id']}/restore/", f"/api/trash/{milk['id']}/"
    problems = [
        assert_problem(alice.post(restore), 404, "not_found"),
        assert_problem(alice.delete(forever), 404, "not_found"),
    ]
    delete("lists", groceries)
    problems += [
        assert_problem(alice.post(restore), 404, "not_found"),
        assert_problem(alice.delete(forever), 404, "not_found"),
    ]

    assert len({problem["detail"] for problem in problems}) == 1


def test_what_is_foreign_is_not_found_like_what_is_missing(
    alice: Person, bob: Person, milk: Any, delete: Delete
) -> None:
    delete("todos", milk)
    missing = "019aac45-80a4-7b35-94eb-23f6a7b8c93a"

    found = [bob.post(f"/api/trash/{one}/restore/").json() for one in (milk["id"], missing)]

    assert without(found[0], "request_id") == without(found[1], "request_id")
    assert trash(bob) == []
    assert [item["id"] for item in trash(alice)] == [milk["id"]]


def test_restoring_twice_is_not_found(alice: Person, milk: Any, delete: Delete, restore: Restore) -> None:
    delete("todos", milk)
    restore(milk)

    assert_problem(alice.post(f"/api/trash/{milk['id']}/restore/"), 404, "not_found")


def test_an_id_in_the_trash_is_taken_for_everyone(
    alice: Person, bob: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    delete("todos", milk)
    delete("lists", groceries)

    problems = [
        assert_problem(person.post("/api/lists/", json={"name": "Groceries", "id": groceries["id"]}), 409, "id_taken")
        for person in (alice, bob)
    ] + [
        assert_problem(
            person.post("/api/todos/", json={"title": "Milk", "id": milk["id"], "list_id": person.make_list()["id"]}),
            409,
            "id_taken",
        )
        for person in (alice, bob)
    ]

    assert len({problem["detail"] for problem in problems}) == 1


def test_a_todo_can_not_be_made_in_or_moved_to_a_deleted_list(
    alice: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    gone = alice.make_list("Errands")
    delete("lists", gone)

    made = alice.post("/api/todos/", json={"title": "Post the letter", "list_id": gone["id"]})
    moved = alice.patch(f"/api/todos/{milk['id']}/", json={"list_id": gone["id"]})

    for answer in (made, moved):
        [error] = assert_problem(answer, 422, "invalid", "/list_id")["errors"]
        assert error["code"] == "unknown_list"
    assert alice.get(f"/api/todos/{milk['id']}/").json()["list_id"] == groceries["id"]


def test_of_a_list_and_a_todo_that_share_an_id_the_list_is_meant_first(
    alice: Person, groceries: Any, delete: Delete, restore: Restore
) -> None:
    shared = {"id": str(uuid4())}
    assert alice.make_list("Errands", **shared)["id"] == alice.make_todo(groceries, **shared)["id"]
    delete("lists", shared)
    delete("todos", shared)

    assert restore(shared)["name"] == "Errands"
    assert [item["kind"] for item in trash(alice)] == ["todo"]
    assert restore(shared)["title"] == "Buy oat milk"
