"""Copying a list with its todos."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.cast import Person, created
from tests.problems import assert_problem
from tests.routes import NOWHERE
from tests.rows import connect

OWN = ("id", "list_id", "version", "created_at", "updated_at")


@pytest.fixture
def packing(alice: Person) -> Any:
    """Return a list with a todo of every kind, one of them deleted."""
    packing = alice.make_list("Packing", color="#3366ff")
    alice.make_todo(packing, "Passport", priority="urgent", due_date="2026-12-24", due_time="08:00:00")
    alice.make_todo(packing, "Socks", status="done", description="Warm ones")
    last = alice.make_todo(packing, "Toothbrush", status="in_progress")
    alice.patch(f"/api/todos/{last['id']}/", json={"title": "Toothbrush and paste"})
    alice.delete(f"/api/todos/{alice.make_todo(packing, 'Skis')['id']}/")
    return packing


def duplicate(person: Person, one: Any, **wanted: Any) -> Any:
    return created(person.post(f"/api/lists/{one['id']}/duplicate/", json=wanted))


def todos(person: Person, one: Any) -> list[Any]:
    found: list[Any] = person.get(f"/api/todos/?list_id={one['id']}").json()["results"]
    return found


def test_a_copy_has_its_name_and_colour_and_is_a_list_of_its_own(alice: Person, packing: Any) -> None:
    copy = duplicate(alice, packing)

    assert copy == packing | {name: copy[name] for name in ("id", "position", "created_at", "updated_at")}
    assert alice.get(f"/api/lists/{copy['id']}/").json() == copy
    assert alice.lists() == [packing, copy]


def test_the_todos_are_copied_as_they_are_and_in_their_order(alice: Person, packing: Any) -> None:
    originals = todos(alice, packing)

    copies = todos(alice, duplicate(alice, packing))

    assert [todo["title"] for todo in originals] == ["Toothbrush and paste", "Socks", "Passport"]
    assert [without_own(todo) for todo in copies] == [without_own(todo) for todo in originals]
    assert todos(alice, packing) == originals


def without_own(todo: Any) -> Any:
    return {name: value for name, value in todo.items() if name not in OWN}


def test_the_copies_are_new_rows_with_keys_like_all_others(alice: Person, packing: Any) -> None:
    copy = duplicate(alice, packing)

    copies = todos(alice, copy)

    assert {UUID(todo["id"]).version for todo in copies} == {7}
    assert {UUID(todo["id"]).variant for todo in copies} == {UUID(copy["id"]).variant}
    assert {todo["id"][:8] for todo in copies} == {copy["id"][:8]}
    assert len({todo["id"] for todo in copies + todos(alice, packing)}) == 6
    assert all(todo["version"] == 1 and todo["created_at"] == todo["updated_at"] for todo in copies)


def test_name_and_id_may_be_chosen(alice: Person, packing: Any) -> None:
    chosen = str(uuid4())

    copy = duplicate(alice, packing, name="Packing for Oslo", id=chosen)

    assert (copy["id"], copy["name"]) == (chosen, "Packing for Oslo")
    assert_problem(alice.post(f"/api/lists/{packing['id']}/duplicate/", json={"id": chosen}), 409, "id_taken")


def test_a_change_of_the_copy_leaves_the_original(alice: Person, packing: Any) -> None:
    originals, copy = todos(alice, packing), duplicate(alice, packing)

    for todo in todos(alice, copy):
        alice.patch(f"/api/todos/{todo['id']}/", json={"status": "cancelled"})

    assert todos(alice, packing) == originals


def test_a_copy_of_what_is_archived_is_in_use_and_one_of_the_inbox_no_inbox(alice: Person) -> None:
    [inbox] = alice.get("/api/lists/").json()["results"]

    assert duplicate(alice, alice.make_list("Attic", is_archived=True))["is_archived"] is False
    assert duplicate(alice, inbox)["is_inbox"] is False


def test_a_list_that_is_not_there_is_not_copied(alice: Person, bob: Person, packing: Any) -> None:
    deleted = bob.make_list()["id"]
    bob.delete(f"/api/lists/{deleted}/")

    for list_id in (deleted, packing["id"], NOWHERE["list_id"]):
        assert_problem(bob.post(f"/api/lists/{list_id}/duplicate/", json={}), 404, "not_found")
    assert (alice.lists(), bob.lists()) == ([packing], [])


def test_a_thousand_todos_are_copied_whole(alice: Person, groceries: Any) -> None:
    alice.make_todo(groceries)
    with connect() as connection:
        connection.execute(
            "INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, position,"
            " created_at, updated_at) SELECT gen_random_uuid(), user_id, list_id, 'Todo ' || n, '', 'todo', 0,"
            " '0' || n, now(), now() FROM core_todo, generate_series(1, 999) AS n WHERE list_id = %s",
            [groceries["id"]],
        )

    copy = duplicate(alice, groceries)

    [counts] = [one["todo_counts"] for one in alice.get("/api/lists/").json()["results"] if one["id"] == copy["id"]]
    assert counts["todo"] == 1000
