"""What goes out of /api/trash/."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.common.pagination import Cursor, PageQuery
from app.common.serializers import Alternatives, Instant, Serializer
from app.lists.serializers import ListOut
from app.todos.serializers import TodoOut

PurgeAt = Annotated[Instant, Meta(description="When it may be deleted for good.")]


class TrashQuery(PageQuery):
    """Which page of the trash to show."""


class DeletedList(Serializer, tag_field="kind", tag="list"):
    """A list in the trash."""

    id: UUID
    deleted_at: Instant
    purge_at: PurgeAt
    todo_count: Annotated[int, Meta(description="How many todos went along, and will come back with it.")]
    list: ListOut


class DeletedTodo(Serializer, tag_field="kind", tag="todo"):
    """A todo that was deleted by itself."""

    id: UUID
    deleted_at: Instant
    purge_at: PurgeAt
    list_is_deleted: Annotated[
        bool, Meta(description="Whether its list is in the trash too, and will come back with it.")
    ]
    todo: TodoOut


class TrashPage(Serializer):
    """A page of what was deleted, the latest first."""

    results: list[DeletedList | DeletedTodo]
    next: Cursor
    previous: Cursor


class Restored(Alternatives):
    """What came back: a list or a todo."""

    OF = (ListOut, TodoOut)
