"""The calls: Pydantic schemas around the ORM."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.renderers import BaseRenderer
from ninja.responses import Status
from ninja.security import django_auth
from pydantic import Field

from bench.baselines import MOST, PRIORITIES
from bench.baselines.project.models import List, Todo, lists_with_counts, new_todo, visible_todos

StatusName = Literal["todo", "in_progress", "done", "cancelled"]
PriorityName = Literal["none", "low", "medium", "high", "urgent"]
Title = Annotated[str, Field(min_length=1, max_length=500)]
Limit = Annotated[int, Field(ge=1, le=MOST)]


class Renderer(BaseRenderer):
    """JSON by a fast encoder, as django-ninja advises."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002 - its signature
        return msgspec.json.encode(data)


api = NinjaAPI(auth=django_auth, renderer=Renderer(), docs_url=None, openapi_url=None)


class TodoCreate(Schema):
    title: Title
    list_id: UUID
    description: str = ""
    status: StatusName = "todo"
    priority: PriorityName = "none"
    due_date: date | None = None


class TodoUpdate(Schema):
    title: Title | None = None
    list_id: UUID | None = None
    description: str | None = None
    status: StatusName | None = None
    priority: PriorityName | None = None
    due_date: date | None = None


class TodoOut(Schema):
    id: UUID
    list_id: UUID
    title: str
    description: str
    status: str
    priority: str
    due_date: date | None
    due_time: time | None
    due_timezone: str | None
    position: str
    completed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_priority(todo: Todo) -> str:
        return PRIORITIES[todo.priority]


class TodoPage(Schema):
    results: list[TodoOut]
    next: str | None
    previous: str | None


class Counts(Schema):
    todo: int
    in_progress: int
    done: int
    cancelled: int


class ListOut(Schema):
    id: UUID
    name: str
    color: str
    position: str
    is_archived: bool
    is_inbox: bool
    version: int
    created_at: datetime
    updated_at: datetime
    todo_counts: Counts

    @staticmethod
    def resolve_todo_counts(row: List) -> List:
        return row


class ListPage(Schema):
    results: list[ListOut]
    next: str | None
    previous: str | None


@api.get("/todos/", response=TodoPage)
def todos(
    request: HttpRequest,
    status: StatusName | None = None,
    created_before: datetime | None = None,
    cursor: str = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    found = visible_todos(request.user)  # type: ignore[arg-type]  # django_auth says so
    if status:
        found = found.filter(status=status)
    if created_before:
        found = found.filter(created_at__lt=created_before)
    if cursor:
        found = found.filter(TupleLessThan(Tuple(F("created_at"), F("id")), read(cursor)))
    return page(found.order_by("-created_at", "-id"), limit, cursor)


@api.post("/todos/", response={201: TodoOut})
def create(request: HttpRequest, new: TodoCreate) -> Status[Todo]:
    return Status(201, new_todo(request.user, values(request, new)))  # type: ignore[arg-type]  # django_auth says so


@api.get("/todos/{uuid:todo_id}/", response=TodoOut)
def todo(request: HttpRequest, todo_id: UUID) -> Todo:
    return get_object_or_404(visible_todos(request.user), pk=todo_id)  # type: ignore[arg-type]  # as above


@api.patch("/todos/{uuid:todo_id}/", response=TodoOut)
def update(request: HttpRequest, todo_id: UUID, changes: TodoUpdate) -> Todo:
    with transaction.atomic():
        found = get_object_or_404(visible_todos(request.user).select_for_update(), pk=todo_id)  # type: ignore[arg-type]  # as above
        found.version += 1
        found.write(values(request, changes), timezone.now())
    return found


@api.get("/lists/", response=ListPage)
def lists(request: HttpRequest, limit: Limit = 50) -> dict[str, Any]:
    return page(lists_with_counts(request.user).order_by("created_at", "id"), limit, "")  # type: ignore[arg-type]  # as above


def values(request: HttpRequest, given: Schema) -> dict[str, Any]:
    """Return the given values as columns hold them; a list that is not the user's is 404."""
    found: dict[str, Any] = given.dict(exclude_unset=True)
    if "list_id" in found:
        found["list"] = get_object_or_404(List, pk=found.pop("list_id"), user=request.user, deleted_at=None)
    if "priority" in found:
        found["priority"] = PRIORITIES.index(found["priority"])
    return found


def page(rows: QuerySet[Any], limit: int, cursor: str) -> dict[str, Any]:
    found = list(rows[: limit + 1])
    has_more, results = len(found) > limit, found[:limit]
    return {
        "results": results,
        "next": write(results[-1]) if has_more else None,
        "previous": write(results[0]) if cursor else None,
    }


def write(row: Any) -> str:
    return urlsafe_b64encode(msgspec.json.encode((row.created_at, row.id))).decode()


def read(cursor: str) -> tuple[datetime, UUID]:
    return msgspec.json.decode(urlsafe_b64decode(cursor), type=tuple[datetime, UUID])
