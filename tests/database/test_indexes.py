"""Every index of the tables of lists and todos serves a query of the API, at 100,000 rows."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from django.utils import timezone

from app.accounts.serializers import Account
from app.attachments import queries as attachments
from app.lists import queries as lists
from app.lists.models import List
from app.lists.serializers import ListFilter
from app.todos import queries as todos
from app.todos.models import Priority, Status, Todo
from app.todos.serializers import TodoFilter
from app.trash import queries as trash
from app.trash.serializers import TrashQuery

Indexes = Callable[..., set[str]]
CASES = [
    (todos.todo_page, TodoFilter(), "core_todo_user_created"),
    (todos.todo_page, TodoFilter(status=Status.IN_PROGRESS), "core_todo_user_status"),
    (todos.todo_page, TodoFilter(priority=Priority.URGENT), "core_todo_user_priority"),
    (todos.todo_page, TodoFilter(due_date=date(2026, 12, 24)), "core_todo_user_due"),
]
LIST_CASES = [
    (ListFilter(), "core_list_user_created"),
    (ListFilter(name="List 7"), "core_list_user_name"),
]
TRASH = {"core_list_user_deleted", "core_todo_user_deleted"}


@pytest.mark.parametrize(("query", "asked", "index"), CASES, ids=[index for _, _, index in CASES])
def test_a_page_is_read_through_its_index(
    alice: Account, indexes: Indexes, query: Callable[..., object], asked: object, index: str
) -> None:
    assert indexes(query, alice, asked) == {index}


@pytest.mark.parametrize(("asked", "index"), LIST_CASES, ids=[index for _, index in LIST_CASES])
def test_a_page_of_lists_is_read_through_its_index_and_the_todos_in_it_through_one_of_theirs(
    alice: Account, indexes: Indexes, asked: ListFilter, index: str
) -> None:
    found = indexes(lists.list_page, alice, asked)

    assert {name for name in found if name.startswith("core_list_")} == {index}
    assert "core_todo_list_status" in found


def test_a_page_of_one_list_is_read_through_the_index_of_its_list_and_status(alice: Account, indexes: Indexes) -> None:
    home = lists.lists_of(alice).first()
    assert home is not None

    asked = TodoFilter(list_id=home.id, status=Status.DONE)

    assert indexes(todos.todo_page, alice, asked) == {"core_todo_list_status"}


def test_the_second_page_is_read_through_the_same_index_as_the_first(alice: Account, indexes: Indexes) -> None:
    first = todos.todo_page(alice, TodoFilter())

    second = msgspec.structs.replace(TodoFilter(), cursor=first.next)

    assert indexes(todos.todo_page, alice, second) == {"core_todo_user_created"}


def test_attachments_are_read_through_the_index_of_their_todo_or_user(alice: Account, indexes: Indexes) -> None:
    todo = todos.todos_of(alice).first()
    assert todo is not None

    assert indexes(attachments.attachments_on, alice, todo.id) == {"core_todo_pkey", "core_attachment_todo_created"}
    assert indexes(lambda: list(attachments.attachments_of(alice)[:50])) == {"core_attachment_user_created"}


def test_the_trash_is_read_through_the_indexes_of_what_is_in_it(alice: Account, indexes: Indexes) -> None:
    assert indexes(trash.trash_page, alice, TrashQuery()) == TRASH | {"core_todo_list_status"}


def test_what_goes_for_good_is_found_through_the_same_indexes(alice: Account, indexes: Indexes) -> None:
    assert indexes(trash.delete_batch, alice, timezone.now()) == TRASH


def test_the_trash_is_emptied_through_the_same_indexes(alice: Account, indexes: Indexes) -> None:
    assert indexes(trash.delete_all, alice) == TRASH


@pytest.mark.parametrize("model", [List, Todo])
def test_no_index_is_there_without_a_query_that_needs_it(model: type[List | Todo]) -> None:
    proven = {index for *_, index in (*CASES, *LIST_CASES)} | {"core_todo_list_status"} | TRASH

    assert {index.name for index in model._meta.indexes} <= proven
