"""Doing commands in order, by the services that do the single calls."""

from http import HTTPStatus
from typing import Any

from django.db import transaction

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Code, FieldError, Problem
from app.common.versions import IfMatch
from app.exchange.batch.serializers import (
    Batch,
    BatchOut,
    Command,
    CompleteTodo,
    CreateList,
    CreateTodo,
    DeleteList,
    DeleteTodo,
    MoveTodo,
    Result,
    UpdateList,
    UpdateTodo,
)
from app.lists import services as lists
from app.lists.serializers import ListOut, ListUpdate
from app.todos import services as todos
from app.todos.models import Status
from app.todos.serializers import TodoOut, TodoUpdate


def run_batch(user: Account, batch: Batch) -> BatchOut:
    """Do the commands in one transaction, under one revision; raise Problem (422) where one of an atomic batch fails.

    Of one that is not, those that fail leave the others as they are; where all fail, nothing has changed.
    """
    results: list[Result] = []
    with transaction.atomic(), writing(user):
        for command in batch.commands:
            results.append(run(user, command, is_undone_alone=not batch.atomic))
            if batch.atomic and results[-1].is_failure:
                raise batch_failed(results, not_reached=len(batch.commands) - len(results))
        if all(result.is_failure for result in results):
            transaction.set_rollback(True)
    return BatchOut(atomic=batch.atomic, results=results)


def run(user: Account, command: Command, *, is_undone_alone: bool) -> Result:
    """Do a command; what it may not do is its result, and what is wrong with the service ends the batch."""
    try:
        with transaction.atomic(savepoint=is_undone_alone):
            body = do(user, command)
    except Problem as problem:
        if problem.code.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return Result.failure(problem)
    if isinstance(command, CreateList | CreateTodo):
        return Result.success(HTTPStatus.CREATED, body)
    return Result.success(HTTPStatus.OK if body else HTTPStatus.NO_CONTENT, body)


def do(user: Account, command: Command) -> ListOut | TodoOut | None:
    """Make the call that a command stands for; return what that shows."""
    body: ListOut | TodoOut | None = None
    match command:
        case CreateList():
            body = lists.create_list(user, command)
        case UpdateList():
            body = lists.update_list(user, command.id, ListUpdate(**changes(command)), IfMatch())
        case DeleteList():
            lists.delete_list(user, command.id, IfMatch(version=command.version))
        case CreateTodo():
            body = todos.create_todo(user, command)
        case UpdateTodo() | MoveTodo():
            body = todos.update_todo(user, command.id, TodoUpdate(**changes(command)), IfMatch())
        case CompleteTodo():
            done = TodoUpdate(status=Status.DONE, version=command.version)
            body = todos.update_todo(user, command.id, done, IfMatch())
        case DeleteTodo():
            todos.delete_todo(user, command.id, IfMatch(version=command.version))
    return body


def changes(command: UpdateList | UpdateTodo | MoveTodo) -> dict[str, Any]:
    return {name: value for name, value in command.given().items() if name != "id"}


def batch_failed(results: list[Result], not_reached: int) -> Problem:
    """Return the problem of a batch whose last result is the first failure."""
    number, failed = len(results) - 1, results[-1]
    undone = Result.failure(Problem(Code.NOT_APPLIED, "It was not done, because another command of the batch failed."))
    problem, place = failed.problem, f"/commands/{number}"
    errors = [FieldError(place + error.pointer, error.code, error.detail) for error in problem["errors"]]
    return Problem(
        Code.BATCH_FAILED,
        f"Nothing was done, because {place} failed: {problem['detail']}",
        errors or [FieldError(place, problem["code"], problem["detail"])],
        results=[undone] * number + [failed] + [undone] * not_reached,
    )
