"""The kinds of records, in the order of the document: what is referred to comes first.

A new field is a line in the struct of its record; a new kind is a struct and an entry here.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from app.common.errors import FieldError, Problem
from app.exchange.transfer.serializers import ListRecord, TodoRecord
from app.lists import services as lists
from app.lists.models import List
from app.todos import services as todos
from app.todos.models import RANKS, Status, Todo

Members = dict[str, Any]


class Kind(NamedTuple):
    """How records of one kind are checked and stored."""

    name: str
    record: type[ListRecord | TodoRecord]
    model: type[List] | type[Todo]
    stored: Callable[[Members], Members]
    check: Callable[[Any], list[FieldError]] = lambda _: []
    references: Mapping[str, str] = {}  # members that hold the id of a record of another kind
    derived: Mapping[str, str] = {}  # columns that follow from a record referred to, in SQL

    @property
    def columns(self) -> tuple[str, ...]:
        return self.record.__struct_fields__

    def row(self, record: Any) -> Members:
        """Return the columns of a checked record as JSON values that PostgreSQL can read."""
        return cast("Members", msgspec.to_builtins(self.stored(msgspec.structs.asdict(record))))


def stored_todo(members: Members) -> Members:
    return todos.stored(members) | {"priority": RANKS[members["priority"]]}


def check_todo(todo: TodoRecord) -> list[FieldError]:
    """Return what is wrong between the members of a todo."""
    errors = []
    try:
        todos.check_due(cast("Todo", todo))
    except Problem as problem:
        errors += problem.errors
    if (todo.status is Status.DONE) != (todo.completed_at is not None):
        errors.append(FieldError("/completed_at", "not_when_done", "It is set for what is done, and for nothing else."))
    return errors


LISTS = Kind("lists", ListRecord, List, lists.stored)
TODOS = Kind(
    "todos",
    TodoRecord,
    Todo,
    stored_todo,
    check_todo,
    references={"list_id": "lists"},
    derived={"list_is_deleted": "to_list_id.data ->> 'deleted_at' IS NOT NULL"},
)
KINDS = {kind.name: kind for kind in (LISTS, TODOS)}
