"""Every page is read through an index, costs the same wherever it is, and no index is there for nothing.

At full size alice has 100,000 todos among 1,000,000, and page 2,000 is read.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from app.accounts.serializers import Account
from app.attachments import queries as attachments
from app.common import queries as common
from app.common.errors import Code, Problem
from app.common.pagination import Place
from app.common.serializers import Several
from app.common.statements import fetch_all
from app.lists import pages as list_pages
from app.lists import queries as lists
from app.lists.models import List
from app.lists.serializers import ListFilter, ListName
from app.todos import pages
from app.todos import queries as todos
from app.todos.models import Priority, Status, Todo
from app.todos.serializers import Order, TodoFilter
from app.trash import queries as trash
from app.trash.serializers import TrashQuery
from tests.database.conftest import Statement, explain, index_names
from tests.drill import size

Indexes = Callable[..., set[str]]
PAGE = size(200, 2_000)
DEARER = 1.2  # what the last page may cost of the first
SLOW = 200  # milliseconds, with what explaining adds, on a machine that has other things to do
TIMES = size(5, 25)
Statements = Callable[..., list[Statement]]
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
DAY = date(2026, 12, 24)
KEY = "core_todo_pkey"
TRASH = {"core_list_user_deleted", "core_todo_user_deleted"}

LISTS = [(ListFilter(), "core_list_user_created"), (ListFilter(name=ListName("List 7")), "core_list_user_name")]
OF_USER: dict[Order, str] = {
    "created": "core_todo_user_created",
    "updated": "core_todo_user_updated",
    "due": "core_todo_user_due",
    "priority": "core_todo_user_priority",
    "title": "core_todo_user_title",
}
OF_LIST: dict[Order, str] = {"created": "core_todo_list_created", "position": "core_todo_list_position"}
STATUSES = {"any status": None, "one status": Several([Status.DONE]), "two": Several([Status.DONE, Status.TODO])}
# Where no index has the order too, the filter that leaves the fewest has one.
SORTED = [
    (TodoFilter(due_date=DAY), "core_todo_user_due"),
    (TodoFilter(due="today"), "core_todo_user_due"),
    (TodoFilter(due_after=DAY, due_before=DAY + timedelta(days=7), order="-priority"), "core_todo_user_due"),
    (TodoFilter(completed_after=YESTERDAY, completed_before=YESTERDAY + timedelta(days=2)), "core_todo_user_completed"),
    (TodoFilter(updated_after=YESTERDAY, order="title"), "core_todo_user_updated"),
    (TodoFilter(created_after=YESTERDAY, order="due"), "core_todo_user_created"),
    (TodoFilter(status=Several([Status.TODO]), priority=Several([Priority.URGENT])), "core_todo_user_priority"),
]


@pytest.fixture(params=["auto", "force_generic_plan"])
def plans(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Have statements planned for their values, and once for all, as a connection does with what it sends often."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"SET plan_cache_mode = {request.param}")
        yield
        cursor.execute("RESET plan_cache_mode")


@pytest.mark.parametrize(("asked", "index"), LISTS, ids=[index for _, index in LISTS])
def test_a_page_of_lists_is_read_through_its_index_and_the_todos_in_it_through_one_of_theirs(
    alice: Account, indexes: Indexes, asked: ListFilter, index: str
) -> None:
    found = indexes(list_pages.list_page, alice, asked)

    assert found - {*OF_LIST.values()} == {index}
    assert len(found) == 2


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("order", OF_USER)
def test_a_page_of_all_todos_is_read_in_its_order(
    alice: Account, indexes: Indexes, order: str, status: str, direction: str
) -> None:
    asked = given(order=direction + order, status=STATUSES[status])

    assert indexes_of_two_pages(indexes, alice, asked) == {OF_USER[order]}  # type: ignore[index]  # one of these words


@pytest.mark.usefixtures("plans")
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("order", OF_LIST)
def test_a_page_of_a_list_is_read_in_its_order(
    alice: Account, indexes: Indexes, order: str, status: str, direction: str
) -> None:
    largest = lists.lists_of(alice).get(name="List 1")
    asked = given(order=direction + order, status=STATUSES[status], list_id=Several([largest.id]))

    assert indexes_of_two_pages(indexes, alice, asked) == {OF_LIST[order]}  # type: ignore[index]  # one of these words


def given(**filters: Any) -> TodoFilter:
    return TodoFilter(**{name: value for name, value in filters.items() if value is not None})


def indexes_of_two_pages(indexes: Indexes, alice: Account, asked: TodoFilter) -> set[str]:
    cursor = pages.todo_page(alice, asked).next
    assert cursor
    following = given(**asked.filters, cursor=cursor)
    return indexes(pages.todo_page, alice, asked) | indexes(pages.todo_page, alice, following)


@pytest.mark.parametrize(("asked", "index"), SORTED, ids=[" ".join(asked.filters) for asked, _ in SORTED])
def test_a_page_that_is_sorted_finds_its_rows_through_an_index(
    alice: Account, indexes: Indexes, asked: TodoFilter, index: str
) -> None:
    assert indexes(pages.todo_page, alice, asked) == {index, KEY}


@pytest.mark.parametrize("q", ["17", "buy 17 milk", "xyzzy"])
def test_words_are_found_through_their_index(alice: Account, indexes: Indexes, q: str) -> None:
    assert "core_todo_words" in indexes(pages.todo_page, alice, TodoFilter(q=q))


def test_what_follows_a_list_is_found_through_the_index_of_its_key(alice: Account) -> None:
    largest = lists.lists_of(alice).get(name="List 2")

    plan = explain("UPDATE core_todo SET list_is_deleted = true WHERE list_id = %s", [largest.id])

    assert index_names(plan) == {"core_todo_list"}


def test_the_attachments_of_a_todo_are_read_through_its_index(alice: Account, indexes: Indexes) -> None:
    todo = todos.todos_of(alice).first()
    assert todo is not None

    assert indexes(attachments.attachments_on, alice, todo.id) == {KEY, "core_attachment_todo_created"}


def test_the_attachments_of_a_user_are_read_through_their_index(alice: Account, indexes: Indexes) -> None:
    assert indexes(lambda: list(attachments.attachments_of(alice)[:50])) == {"core_attachment_user_created"}


def test_how_much_the_answers_of_a_user_take_is_read_at_both_ends_of_an_index(
    alice: Account, statements: Statements
) -> None:
    [sent] = statements(common.kept_bytes, alice.id)

    plan = explain(*sent, "ANALYZE, BUFFERS, ")

    assert index_names(plan) == {"core_stored_answer_user_total"}
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 10


def test_the_trash_is_read_through_the_indexes_of_what_is_in_it(alice: Account, indexes: Indexes) -> None:
    assert indexes(trash.trash_page, alice, TrashQuery()) == TRASH | {"core_todo_list"}


def test_what_goes_for_good_is_found_through_the_same_indexes(alice: Account, indexes: Indexes) -> None:
    assert indexes(trash.delete_batch, alice, timezone.now()) == TRASH


def test_the_trash_is_emptied_through_the_same_indexes(alice: Account, indexes: Indexes) -> None:
    assert indexes(trash.delete_all, alice) == TRASH


@pytest.mark.django_db
@pytest.mark.parametrize("model", [List, Todo])
def test_no_index_is_there_without_a_query_that_needs_it(model: type[List | Todo]) -> None:
    proven = {index for _, index in (*LISTS, *SORTED)} | {*OF_USER.values(), *OF_LIST.values()} | TRASH

    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table)

    own = {name for name, found in constraints.items() if found["index"] and not found["unique"]}
    assert own <= proven | {"core_todo_words", "core_todo_list"}


# --- what a page costs ---------------------------------------------------------------------------


@pytest.mark.drill
@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("status", [None, Several([Status.DONE])], ids=["any status", "done"])
@pytest.mark.parametrize("order", [*OF_USER, *(f"{order} of a list" for order in OF_LIST)])
def test_the_last_page_costs_what_the_first_does(
    alice: Account, statements: Statements, order: str, status: Any, direction: str
) -> None:
    name, _, of_list = order.partition(" ")
    filters: dict[str, Any] = {"order": direction + name} | ({"status": status} if status else {})
    if of_list:
        filters["list_id"] = Several([lists.lists_of(alice).get(name="List 1").id])

    [first] = statements(pages.todo_page, alice, TodoFilter(**filters))
    [last] = statements(
        pages.todo_page, alice, TodoFilter(**filters, cursor=cursor_of_page(PAGE, alice, filters, first))
    )

    times, buffers = costs(first, last)
    print(f"{direction}{order}, {status}: {times} ms, {buffers} buffers")  # noqa: T201 - the figures
    assert min(times[1] / times[0], buffers[1] / buffers[0]) <= DEARER


def cursor_of_page(number: int, alice: Account, filters: dict[str, Any], statement: Statement) -> str:
    """Return the cursor of a page without reading all those before it one by one."""
    sql, params = statement
    before = fetch_all(sql, params | {"rows": 50 * (number - 1)})
    return Place(is_backward=False, position=[before[-1][-1], str(before[-1][1])]).write(
        TodoFilter(**filters).scope(alice.id)
    )


def costs(*statements: Statement) -> tuple[list[float], list[int]]:
    """Return the median milliseconds of each, measured in turns, and the buffers it touches."""
    plans = [[explain(*statement, "ANALYZE, BUFFERS, ") for statement in statements] for _ in range(TIMES)]
    times = [median(plan["Actual Total Time"] for plan in of_one) for of_one in zip(*plans, strict=True)]
    return times, [plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans[-1]]


@pytest.mark.drill
@pytest.mark.parametrize(
    "filters",
    [
        {"q": "bu"},
        {"q": "milk"},
        {"q": "buy the milk"},
        {"q": "bu", "status": Several([Status.TODO])},
        {"count": True},
        {"order": "position"},
        {"due": "overdue", "order": "due"},
        {"due": "none"},
    ],
    ids=str,
)
def test_whatever_is_asked_for_is_answered_or_refused_at_once(
    alice: Account, statements: Statements, filters: dict[str, Any]
) -> None:
    def ask() -> None:
        try:
            pages.todo_page(alice, TodoFilter(**filters))
        except Problem as problem:
            assert problem.code is Code.TOO_MANY_MATCHES  # noqa: PT017 - either is right here

    [sent] = statements(ask)
    fastest = min(explain(*sent, "ANALYZE, ")["Actual Total Time"] for _ in range(TIMES))
    print(f"{filters}: {fastest} ms")  # noqa: T201 - the figures
    assert fastest < SLOW
