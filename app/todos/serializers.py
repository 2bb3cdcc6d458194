"""What goes in and out of /api/todos/."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import UNSET, Meta, UnsetType

from app.common.pagination import Cursor, PageQuery
from app.common.positions import After, Before
from app.common.serializers import ChosenId, Serializer, Version
from app.todos.models import DESCRIPTION_LENGTH, TITLE_LENGTH, Priority, Status

Title = Annotated[str, Meta(min_length=1, max_length=TITLE_LENGTH, pattern=r"\S", examples=["Buy oat milk"])]
Description = Annotated[str, Meta(max_length=DESCRIPTION_LENGTH)]
DueDate = Annotated[date, Meta(description="The day it is due.", examples=["2026-12-24"])]
DueTime = Annotated[
    time,
    Meta(
        tz=False,
        description="A time of that day; without a zone it floats with the reader.",
        examples=["18:30:00"],
    ),
]
DueZone = Annotated[ZoneInfo, Meta(description="IANA name; makes the time an instant.", examples=["Europe/Rome"])]


class TodoCreate(Serializer):
    """A new todo."""

    title: Title
    list_id: Annotated[UUID, Meta(description="Without it, the inbox.")] | UnsetType = UNSET
    id: ChosenId | UnsetType = UNSET
    description: Description = ""
    status: Status = Status.TODO
    priority: Priority = Priority.NONE
    due_date: DueDate | None = None
    due_time: DueTime | None = None
    due_timezone: DueZone | None = None
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET


class TodoUpdate(Serializer):
    """A change of a todo: what is absent stays, null clears; `version` says from which state it was made."""

    title: Title | UnsetType = UNSET
    list_id: UUID | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    due_date: DueDate | UnsetType | None = UNSET
    due_time: DueTime | UnsetType | None = UNSET
    due_timezone: DueZone | UnsetType | None = UNSET
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET
    version: Version | UnsetType = UNSET


class TodoFilter(PageQuery):
    """Which todos to show."""

    list_id: UUID | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    due_date: DueDate | UnsetType = UNSET


class TodoOut(Serializer):
    """A todo."""

    id: UUID
    list_id: UUID
    title: str
    description: str
    status: Status
    priority: Priority
    due_date: date | None
    due_time: time | None
    due_timezone: str | None
    position: str
    completed_at: datetime | None
    version: Version
    created_at: datetime
    updated_at: datetime

    EXAMPLE = {
        "id": "019aac42-5d17-7e02-a1b8-90c3d4e5f607",
        "list_id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910",
        "title": "Buy oat milk",
        "description": "",
        "status": "todo",
        "priority": "high",
        "due_date": "2026-12-24",
        "due_time": "18:30:00",
        "due_timezone": "Europe/Rome",
        "position": "0644313c9e8f4e",
        "completed_at": None,
        "version": 1,
        "created_at": "2026-11-22T08:32:10.654321Z",
        "updated_at": "2026-11-22T08:32:10.654321Z",
    }


class TodoPage(Serializer):
    """A page of todos, newest first."""

    results: list[TodoOut]
    next: Cursor
    previous: Cursor
