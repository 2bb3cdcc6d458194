"""Todos in the order that is asked for, whichever way and from page to page."""

from typing import Any

import pytest

from tests.cast import Person, created
from tests.pages import ids, page, walk
from tests.problems import assert_problem
from tests.todos.changes import change

KEYS = ["created", "updated", "due", "priority", "position", "title"]
ORDERS = [direction + key for key in KEYS for direction in ("", "-")]
NEW: list[dict[str, Any]] = [
    {"title": "banana", "priority": "high", "due_date": "2026-12-24", "status": "done"},
    {"title": "Äpfel"},
    {"title": "cherry", "priority": "low", "due_date": "2026-12-24", "due_time": "18:30:00"},
    {"title": "apple", "priority": "urgent", "due_date": "9999-12-31", "status": "in_progress"},
    {"title": "Éclair", "priority": "high", "due_date": "0001-01-01", "status": "cancelled"},
    {"title": "Zebra", "priority": "high"},
    {"title": "straße", "due_date": "2026-12-24", "due_time": "07:00:00", "due_timezone": "Asia/Tokyo"},
    {"title": "Strasse", "status": "done", "priority": "medium"},
]
DUE = ["Éclair", "straße", "cherry", "banana", "apple"]
UNDATED = ["Äpfel", "Zebra", "Strasse"]
IN_ORDER = {
    "created": [new["title"] for new in NEW],
    "updated": ["Äpfel", "cherry", "apple", "Éclair", "Zebra", "straße", "Strasse", "banana"],
    "due": DUE + UNDATED,
    "-due": DUE[::-1] + UNDATED[::-1],
    "priority": ["Äpfel", "straße", "cherry", "Strasse", "banana", "Éclair", "Zebra", "apple"],
    "position": [new["title"] for new in NEW],
    "title": ["Äpfel", "apple", "banana", "cherry", "Éclair", "straße", "Strasse", "Zebra"],
}


@pytest.fixture(scope="module")
def rita() -> Person:
    """Someone who only reads the todos above, of which the first was changed last."""
    rita = Person("rita")
    created(rita.sign_up())
    groceries = rita.make_list()
    first, *_ = [rita.make_todo(groceries, **new) for new in NEW]
    change(rita, first, description="Ripe ones")
    return rita


def titles(*pages: Any) -> list[str]:
    return [todo["title"] for found in pages for todo in found["results"]]


def in_order(order: str) -> list[str]:
    return IN_ORDER.get(order) or IN_ORDER[order.removeprefix("-")][::-1]


@pytest.mark.parametrize("order", ORDERS)
def test_the_pages_of_an_order_are_in_that_order(rita: Person, order: str) -> None:
    assert titles(page(rita, "/api/todos/", order=order)) == in_order(order)
    assert titles(*walk(rita, "/api/todos/", order=order, limit=3)) == in_order(order)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 3])
def test_the_way_back_shows_the_same_rows_in_the_same_order(rita: Person, order: str, limit: int) -> None:
    *_, last = walk(rita, "/api/todos/", order=order, limit=limit)

    back = list(walk(rita, "/api/todos/", "previous", order=order, limit=limit, cursor=last["previous"]))

    assert titles(*reversed(back), last) == in_order(order)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("filters", [{"status": "todo,done"}, {"priority": "none,high"}, {"due": "none"}], ids=str)
def test_filters_leave_the_order_as_it_is(rita: Person, order: str, filters: dict[str, str]) -> None:
    found = titles(page(rita, "/api/todos/", **filters))

    assert titles(*walk(rita, "/api/todos/", order=order, limit=2, **filters)) == [
        title for title in in_order(order) if title in found
    ]


@pytest.mark.parametrize("order", ORDERS)
def test_a_list_can_be_read_in_every_order(rita: Person, order: str) -> None:
    [groceries] = rita.get("/api/lists/", params={"name": "Groceries"}).json()["results"]

    pages = walk(rita, "/api/todos/", order=order, limit=3, list_id=groceries["id"])

    assert titles(*pages) == in_order(order)


def test_a_cursor_of_another_order_is_refused(rita: Person) -> None:
    cursor = page(rita, "/api/todos/", order="due", limit=1)["next"]

    for order in ("-due", "title", None):
        answer = rita.get("/api/todos/", params={"cursor": cursor, "order": order})
        assert_problem(answer, 400, "invalid_cursor")


@pytest.mark.parametrize("order", ["", "name", "--due", "+due", "due,title", "DUE", "created_at", "due\x00"])
def test_what_is_no_order_is_refused(mallory: Person, order: str) -> None:
    assert_problem(mallory.get("/api/todos/", params={"order": order}), 422, "invalid", "/order")


def test_the_longest_title_still_fits_into_a_cursor(alice: Person, groceries: Any) -> None:
    made = [alice.make_todo(groceries, "🐈" * 500)["id"] for _ in range(3)]

    assert ids(*walk(alice, "/api/todos/", order="title", limit=1)) == made
