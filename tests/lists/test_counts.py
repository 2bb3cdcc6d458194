"""How many todos of each status are in a list, on the page of lists."""

from typing import Any

from tests.cast import Person
from tests.tags import tag_of

NONE = {"todo": 0, "in_progress": 0, "done": 0, "cancelled": 0}


def counts(person: Person, one: Any) -> Any:
    [found] = [shown for shown in person.get("/api/lists/").json()["results"] if shown["id"] == one["id"]]
    return found["todo_counts"]


def test_an_empty_list_counts_none_of_each(alice: Person, groceries: Any) -> None:
    assert counts(alice, groceries) == NONE


def test_each_list_counts_its_own_todos_by_status(alice: Person, groceries: Any) -> None:
    errands = alice.make_list("Errands", is_archived=True)
    for status in ("todo", "todo", "done", "cancelled"):
        alice.make_todo(groceries, status=status)
    alice.make_todo(errands, status="in_progress")

    assert counts(alice, groceries) == NONE | {"todo": 2, "done": 1, "cancelled": 1}
    assert counts(alice, errands) == NONE | {"in_progress": 1}


def test_what_is_done_moved_or_deleted_is_counted_where_it_is(alice: Person, groceries: Any) -> None:
    errands = alice.make_list("Errands")
    done, moved, deleted = (alice.make_todo(groceries) for _ in range(3))

    alice.patch(f"/api/todos/{done['id']}/", json={"status": "done"})
    alice.patch(f"/api/todos/{moved['id']}/", json={"list_id": errands["id"]})
    alice.delete(f"/api/todos/{deleted['id']}/")

    assert counts(alice, groceries) == NONE | {"done": 1}
    assert counts(alice, errands) == NONE | {"todo": 1}


def test_a_single_list_shows_no_counts_because_its_version_says_nothing_of_them(alice: Person, groceries: Any) -> None:
    alice.make_todo(groceries)

    answer = alice.get(f"/api/lists/{groceries['id']}/")

    assert (answer.json(), answer.headers["ETag"].removeprefix("W/")) == (groceries, tag_of(groceries))
