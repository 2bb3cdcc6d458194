"""What goes in and out of /api/lists/."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.common.pagination import Cursor, PageQuery
from app.common.serializers import ChosenId, Instant, Serializer, Version
from app.common.texts import Line

Color = Annotated[str, Meta(max_length=7, pattern=r"^#[0-9a-fA-F]{6}$", examples=["#3366ff"])]
DEFAULT_COLOR = "#808080"


class ListName(Line):
    max_length = 200
    examples = ["Groceries"]


class ListCreate(Serializer):
    """A new list."""

    name: ListName
    id: ChosenId | UnsetType = UNSET
    color: Color = DEFAULT_COLOR
    is_archived: bool = False


class ListUpdate(Serializer):
    """A change of a list: what is absent stays; `version` says from which state it was made."""

    name: ListName | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET
    version: Version | UnsetType = UNSET


class ListFilter(PageQuery):
    """Which lists to show."""

    name: Annotated[ListName, Meta(description="Only lists of exactly this name.")] | UnsetType = UNSET
    is_archived: bool | UnsetType = UNSET


class ListOut(Serializer):
    """A list."""

    id: UUID
    name: str
    color: str
    position: str
    is_archived: bool
    version: Version
    created_at: Instant
    updated_at: Instant

    EXAMPLE = {
        "id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910",
        "name": "Groceries",
        "color": "#3366ff",
        "position": "0644313b6d3a2c",
        "is_archived": False,
        "version": 1,
        "created_at": "2026-11-22T08:30:00.123456Z",
        "updated_at": "2026-11-22T08:30:00.123456Z",
    }


class ListPage(Serializer):
    """A page of lists, oldest first."""

    results: list[ListOut]
    next: Cursor
    previous: Cursor
