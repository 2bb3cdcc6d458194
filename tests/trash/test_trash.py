"""What the trash shows, and what deleting for good leaves."""

from datetime import datetime, timedelta
from typing import Any

from tests.cast import Person
from tests.pages import ids, walk
from tests.problems import assert_problem
from tests.rows import ask
from tests.trash.conftest import Delete, trash, visible


def is_stored(row: Any) -> bool:
    return bool(
        ask(
            "SELECT 1 FROM core_todo WHERE id = %s UNION ALL SELECT 1 FROM core_list WHERE id = %s",
            row["id"],
            row["id"],
        )
    )


def test_a_deleted_todo_is_shown_as_it_was(alice: Person, milk: Any, delete: Delete) -> None:
    delete("todos", milk)

    [item] = trash(alice)

    deleted_at, purge_at = (datetime.fromisoformat(item[name]) for name in ("deleted_at", "purge_at"))
    assert purge_at - deleted_at == timedelta(days=30)
    assert item == {
        "kind": "todo",
        "id": milk["id"],
        "deleted_at": item["deleted_at"],
        "purge_at": item["purge_at"],
        "list_is_deleted": False,
        "todo": milk,
    }


def test_a_deleted_list_says_how_many_todos_went_along_and_shows_none_of_them(
    alice: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    alice.make_todo(groceries, "Buy rye bread")
    delete("todos", milk)
    delete("lists", groceries)
    delete("lists", alice.make_list("Errands"))

    empty, full, todo = trash(alice)

    assert (empty["kind"], empty["todo_count"]) == ("list", 0)
    assert (full["kind"], full["todo_count"], full["list"]) == ("list", 1, groceries)
    assert (todo["kind"], todo["list_is_deleted"], todo["todo"]) == ("todo", True, milk)


def test_the_latest_deletion_stands_first_and_pages_know_no_kinds(alice: Person, delete: Delete) -> None:
    home = alice.make_list("Home")
    gone = []
    for number in range(4):
        for kind, row in (("todos", alice.make_todo(home)), ("lists", alice.make_list(f"List {number}"))):
            delete(kind, row)
            gone.append(row["id"])

    pages = list(walk(alice, "/api/trash/", limit=3))

    assert [len(found["results"]) for found in pages] == [3, 3, 2]
    assert ids(*pages) == gone[::-1]
    back = list(walk(alice, "/api/trash/", "previous", limit=3, cursor=pages[-1]["previous"]))
    assert ids(*reversed(back), pages[-1]) == gone[::-1]
    assert (pages[0]["previous"], pages[-1]["next"]) == (None, None)


def test_what_is_restored_or_deleted_between_two_pages_takes_no_other_along(alice: Person, delete: Delete) -> None:
    home = alice.make_list("Home")
    gone = [alice.make_todo(home) for _ in range(6)]
    for row in gone:
        delete("todos", row)
    first, *_ = walk(alice, "/api/trash/", limit=2)
    assert alice.post(f"/api/trash/{gone[4]['id']}/restore/").ok
    delete("lists", alice.make_list("Errands"))

    rest = list(walk(alice, "/api/trash/", limit=2, cursor=first["next"]))

    assert ids(first, *rest) == [row["id"] for row in reversed(gone)]


def test_a_cursor_of_the_trash_is_good_for_the_trash_of_its_owner_alone(
    alice: Person, bob: Person, delete: Delete
) -> None:
    for name in ("Errands", "Home"):
        delete("lists", alice.make_list(name))
    cursor = alice.get("/api/trash/?limit=1").json()["next"]

    assert_problem(bob.get("/api/trash/", params={"cursor": cursor}), 400, "invalid_cursor")
    assert_problem(alice.get("/api/lists/", params={"cursor": cursor}), 400, "invalid_cursor")
    assert_problem(alice.get("/api/trash/?kind=todo"), 422, "invalid", "/kind")


def test_a_todo_deleted_for_good_is_gone(alice: Person, groceries: Any, milk: Any, delete: Delete) -> None:
    delete("todos", milk)

    assert alice.delete(f"/api/trash/{milk['id']}/").status_code == 204

    assert trash(alice) == []
    assert not is_stored(milk)
    assert visible(alice, "lists") == [groceries["id"]]


def test_a_list_deleted_for_good_takes_all_its_todos(alice: Person, groceries: Any, milk: Any, delete: Delete) -> None:
    bread = alice.make_todo(groceries, "Buy rye bread")
    delete("todos", bread)
    delete("lists", groceries)

    assert alice.delete(f"/api/trash/{groceries['id']}/").status_code == 204

    assert trash(alice) == []
    assert not any(map(is_stored, (groceries, milk, bread)))


def test_emptying_the_trash_deletes_all_in_it_and_nothing_else(
    alice: Person, bob: Person, groceries: Any, milk: Any, delete: Delete
) -> None:
    hers = bob.make_list("Secrets")
    assert bob.delete(f"/api/lists/{hers['id']}/").ok
    errands = alice.make_list("Errands")
    letter = alice.make_todo(errands, "Post the letter")
    bread = alice.make_todo(groceries, "Buy rye bread")
    delete("lists", errands)
    delete("todos", bread)

    assert alice.delete("/api/trash/").status_code == 204

    assert trash(alice) == []
    assert not any(map(is_stored, (errands, letter, bread)))
    assert visible(alice, "todos") == [milk["id"]]
    assert [item["id"] for item in trash(bob)] == [hers["id"]]
