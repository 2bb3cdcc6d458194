"""What goes in and out of /api/lists/."""

from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.common.pagination import Cursor, PageQuery
from app.common.positions import After, Before
from app.common.serializers import ChosenId, Instant, Serializer, Version
from app.common.texts import Line

Color = Annotated[str, Meta(max_length=7, pattern=r"^#[0-9a-fA-F]{6}$", examples=["#3366ff"])]
DEFAULT_COLOR = "#808080"
INBOX = "Inbox"


class ListOrder(StrEnum):
    CREATED = "created"
    NAME = "name"
    POSITION = "position"


class ListName(Line):
    max_length = 200
    examples = ["Groceries"]


class ListCreate(Serializer):
    """A new list."""

    name: ListName
    id: ChosenId | UnsetType = UNSET
    color: Color = DEFAULT_COLOR
    is_archived: bool = False
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET


class ListUpdate(Serializer):
    """A change of a list: what is absent stays; `version` says from which state it was made."""

    name: ListName | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET
    version: Version | UnsetType = UNSET


class ListCopy(Serializer):
    """What is different in a copy of a list; without a name it has the same one."""

    name: ListName | UnsetType = UNSET
    id: ChosenId | UnsetType = UNSET


class ListFilter(PageQuery):
    """Which lists to show, and in which order."""

    name: Annotated[ListName, Meta(description="Only lists of exactly this name.")] | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET
    order: ListOrder = ListOrder.CREATED


class ListOut(Serializer, kw_only=False):
    """A list."""

    id: UUID
    name: str
    color: str
    position: str
    is_archived: bool
    is_inbox: Annotated[bool, Meta(description="Whether todos go here that name no list.")]
    version: Version
    created_at: Instant
    updated_at: Instant

    EXAMPLE = {
        "id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910",
        "name": "Groceries",
        "color": "#3366ff",
        "position": "0644313b6d3a2c",
        "is_archived": False,
        "is_inbox": False,
        "version": 1,
        "created_at": "2026-11-22T08:30:00.123456Z",
        "updated_at": "2026-11-22T08:30:00.123456Z",
    }


class TodoCounts(Serializer, kw_only=False):
    """How many todos there are of each status."""

    todo: int
    in_progress: int
    done: int
    cancelled: int


class ListWithCounts(ListOut, kw_only=False):
    """A list, and what is in it."""

    todo_counts: TodoCounts

    EXAMPLE = ListOut.EXAMPLE | {"todo_counts": {"todo": 3, "in_progress": 1, "done": 12, "cancelled": 0}}


class ListPage(Serializer):
    """A page of lists, in the order asked for."""

    results: list[ListWithCounts]
    next: Cursor
    previous: Cursor
