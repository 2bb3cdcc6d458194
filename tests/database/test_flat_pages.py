"""A page costs the same wherever it is: at full size, page 2,000 of 100,000 todos of alice, among 1,000,000."""

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Place
from app.common.serializers import Several
from app.common.statements import fetch_all
from app.lists import queries as lists
from app.todos import pages
from app.todos.models import Status
from app.todos.serializers import TodoFilter
from tests.database.conftest import Statement, explain
from tests.drill import size

pytestmark = pytest.mark.drill

ORDERS = ["created", "updated", "due", "priority", "title"]
ORDERS_OF_LIST = ["created", "position"]
PAGE = size(200, 2_000)
DEARER = 1.2  # what the last page may cost of the first
TIMES = size(5, 25)
Statements = Callable[..., list[Statement]]


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("status", [None, Several([Status.DONE])], ids=["any status", "done"])
@pytest.mark.parametrize("order", [*ORDERS, *(f"{order} of a list" for order in ORDERS_OF_LIST)])
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
    sent: list[Statement] = []

    def ask() -> None:
        try:
            pages.todo_page(alice, TodoFilter(**filters))
        except Problem as problem:
            assert problem.code is Code.TOO_MANY_MATCHES  # noqa: PT017 - either is right here

    sent = statements(ask)
    times, _ = costs(*sent)
    print(f"{filters} {times} ms")  # noqa: T201 - the figures
    assert max(times) < 400
