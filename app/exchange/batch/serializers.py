"""What goes in and out of /api/batch/: commands by what they do, and a result for each."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from app.common.errors import FieldError, Problem
from app.common.positions import After, Before
from app.common.serializers import Serializer, Version, faults, invalid
from app.lists.serializers import ListCreate, ListUpdate
from app.todos.serializers import TodoCreate, TodoUpdate

MOST_COMMANDS = 100
BODIES = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("ListOut", "TodoOut")]}
PROBLEM = {"$ref": "#/components/schemas/ProblemOut"}


class CreateList(ListCreate, tag_field="do", tag="create_list"):
    """Do what POST /api/lists/ does."""


class UpdateList(ListUpdate, tag_field="do", tag="update_list", kw_only=True):
    """Do what PATCH /api/lists/{id}/ does."""

    id: UUID


class DeleteList(Serializer, tag_field="do", tag="delete_list"):
    """Put a list with its todos into the trash, with `version` only in that state."""

    id: UUID
    version: Version | UnsetType = UNSET


class CreateTodo(TodoCreate, tag_field="do", tag="create_todo"):
    """Do what POST /api/todos/ does."""


class UpdateTodo(TodoUpdate, tag_field="do", tag="update_todo", kw_only=True):
    """Do what PATCH /api/todos/{id}/ does."""

    id: UUID


class MoveTodo(Serializer, tag_field="do", tag="move_todo"):
    """Put a todo into another list, or to another place in its own."""

    id: UUID
    list_id: UUID | UnsetType = UNSET
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET
    version: Version | UnsetType = UNSET


class CompleteTodo(Serializer, tag_field="do", tag="complete_todo"):
    """Mark a todo as done."""

    id: UUID
    version: Version | UnsetType = UNSET


class DeleteTodo(Serializer, tag_field="do", tag="delete_todo"):
    """Put a todo into the trash, with `version` only in that state."""

    id: UUID
    version: Version | UnsetType = UNSET


Command = CreateList | UpdateList | DeleteList | CreateTodo | UpdateTodo | MoveTodo | CompleteTodo | DeleteTodo
BY_NAME: dict[str, type[Serializer]] = {kind.__struct_config__.tag: kind for kind in Command.__args__}


class Batch(Serializer):
    """Commands to be done in order; with `atomic` all of them or none."""

    commands: Annotated[list[Command], Meta(min_length=1, max_length=MOST_COMMANDS)]
    atomic: bool = True

    EXAMPLE = {
        "atomic": True,
        "commands": [
            {"do": "create_list", "id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910", "name": "Groceries"},
            {"do": "create_todo", "title": "Buy oat milk", "list_id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910"},
        ],
    }

    @classmethod
    def checked(cls, given: Any, *, strict: bool) -> Self:
        """Return the checked batch; raise Problem (422), which names what is wrong in each command."""
        try:
            return super().checked(given, strict=strict)
        except Problem as problem:
            inside = [*faults_of_commands(given)]
            if not inside:
                raise
            outside = [error for error in problem.errors if error.pointer not in ("", "/commands")]
            raise invalid(outside + inside) from problem


def faults_of_commands(given: Any) -> Iterator[FieldError]:
    """Yield what is wrong with the commands of a batch that is one but for them."""
    commands = given.get("commands") if isinstance(given, Mapping) else None
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        return
    for number, command in enumerate(commands):
        for error in faults_of(command):
            yield msgspec.structs.replace(error, pointer=f"/commands/{number}{error.pointer}")


def faults_of(command: Any) -> list[FieldError]:
    if not isinstance(command, Mapping):
        return [FieldError("", "wrong_type", "Expected object.")]
    if "do" not in command:
        return [FieldError("/do", "required", "This field is required.")]
    kind = BY_NAME.get(command["do"]) if isinstance(command["do"], str) else None
    if kind is None:
        return [FieldError("/do", "invalid_choice", f"Not one of {', '.join(BY_NAME)}.")]
    return faults(kind, {name: value for name, value in command.items() if name != "do"}, strict=True)


class Result(Serializer):
    """What has come of a command: the status and body that a call of its own would have had, or its problem."""

    status: int
    body: Annotated[Any, Meta(description="The list or todo as it is now.", extra_json_schema=BODIES)] = UNSET
    problem: Annotated[Any, Meta(description="Why it was not done.", extra_json_schema=PROBLEM)] = UNSET

    @classmethod
    def success(cls, status: int, body: Serializer | None) -> Self:
        return cls(status=status, body=body or UNSET)

    @classmethod
    def failure(cls, problem: Problem) -> Self:
        return cls(status=problem.code.status, problem=problem.body())

    @property
    def is_failure(self) -> bool:
        return self.problem is not UNSET


class BatchOut(Serializer):
    """A result for each command, in their order."""

    atomic: bool
    results: list[Result]
