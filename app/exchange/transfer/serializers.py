"""What goes out of /api/export/ and in and out of /api/imports/, one struct for each kind of record.

A record has every column that its owner may know of, so that nothing is lost on the way. The rules of its texts and
times are those of the API, because their types are.
"""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from app.accounts.serializers import Name, Zone
from app.attachments.models import MAX_SIZE
from app.attachments.serializers import AttachmentOut, FileName
from app.common.positions import FORM, MAX_LENGTH
from app.common.serializers import ChosenUUID, Instant, Serializer
from app.exchange.transfer.models import ImportState
from app.lists.serializers import Color, ListName, ListOut
from app.todos.models import Priority, Status
from app.todos.serializers import Description, DueDate, DueTime, DueZone, Title, TodoOut

Id = Annotated[ChosenUUID, Meta(description="Of version 4 or 7.")]
# To PostgreSQL the end of a text is its end, to Python it may be the line end before it.
Position = Annotated[str, Meta(min_length=1, max_length=MAX_LENGTH, pattern=rf"{FORM}(?!\n)")]
MOST_CHANGES = 2**30  # leaves the column room for as many more
Count = Annotated[int, Meta(ge=1, le=MOST_CHANGES, description="Counts the changes, from 1.")]
FieldVersions = Annotated[
    dict[Annotated[str, Meta(max_length=64)], Count],
    Meta(max_length=64, description="For each member the version that last changed it."),
]
Digest = Annotated[str, Meta(max_length=64, pattern=r"^[0-9a-f]{64}$")]
PART = 384 * 1024  # bytes
TRACED: dict[str, Any] = {"field_versions": {}, "deleted_at": None}


class Traced(Serializer):
    """What every record has besides its own."""

    id: Id
    position: Position
    version: Count
    field_versions: FieldVersions
    created_at: Instant
    updated_at: Instant
    deleted_at: Annotated[Instant | None, Meta(description="When it went into the trash, if it is there.")]


class ListRecord(Traced):
    """A list, with all there is to know of it."""

    name: ListName
    color: Color
    is_archived: bool
    is_inbox: bool

    EXAMPLE = (ListOut.EXAMPLE or {}) | TRACED


class TodoRecord(Traced):
    """A todo, with all there is to know of it."""

    list_id: Id
    title: Title
    description: Description
    status: Status
    priority: Priority
    due_date: DueDate | None
    due_time: DueTime | None
    due_timezone: DueZone | None
    completed_at: Instant | None

    EXAMPLE = (TodoOut.EXAMPLE or {}) | TRACED


class ContentPart(Serializer):
    """Some bytes of the content of an attachment."""

    attachment_id: Id
    offset: Annotated[int, Meta(ge=0, le=MAX_SIZE, description="Where in the content they stand.")]
    data: Annotated[bytes, Meta(max_length=PART, description="Base64.")]


class AttachmentRecord(Serializer):
    """An attachment, without its content."""

    id: Id
    todo_id: Id
    name: FileName
    size: Annotated[int, Meta(ge=1, le=MAX_SIZE)]
    content_type: Annotated[str, Meta(max_length=100)]
    sha256: Digest
    created_at: Instant

    EXAMPLE = AttachmentOut.EXAMPLE


class Owner(Serializer):
    """Whose export it is; an import does not change the account."""

    name: Name
    time_zone: Zone


class Export(Serializer):
    """Everything that a user has. The members stand in this order, and each record has a line of its own."""

    format: Annotated[str, Meta(max_length=6, pattern="^doable$", examples=["doable"])]
    version: Annotated[int, Meta(ge=1, le=1)]
    exported_at: Instant
    account: Owner
    lists: list[ListRecord]
    todos: list[TodoRecord]
    contents: list[ContentPart]
    attachments: list[AttachmentRecord]
    sha256: Annotated[Digest, Meta(description="The canonical hash, which ids have no part in.")]


class RecordCount(Serializer):
    """What an import found of one kind."""

    kind: str
    found: Annotated[int, Meta(description="How many records will be made, once nothing is wrong.")]
    new_ids: Annotated[int, Meta(description="How many of them get a new id, because theirs is taken.")]


class ImportProblem(Serializer):
    """What is wrong at one place of a file."""

    pointer: Annotated[str, Meta(description="A JSON pointer (RFC 6901).", examples=["/todos/17/title"])]
    line: Annotated[int, Meta(description="Where the record begins, or where reading ended.")]
    code: str
    detail: str


class ImportOut(Serializer):
    """An import: how far it is, what it would make, and what is wrong with it."""

    id: UUID
    state: ImportState
    size: Annotated[int, Meta(description="Bytes of the file.")]
    read: Annotated[int, Meta(description="Bytes that were checked.")]
    records: list[RecordCount]
    problem_count: int
    problems: Annotated[list[ImportProblem], Meta(description="The first hundred.")]
    sha256: Annotated[str | None, Meta(description="The canonical hash of the records, once all were read.")]
    created_at: Instant
    expires_at: Instant

    EXAMPLE = {
        "id": "019aac45-80a1-7b35-94eb-23f6a7b8c93a",
        "state": "refused",
        "size": 1834,
        "read": 1834,
        "records": [{"kind": "lists", "found": 1, "new_ids": 0}, {"kind": "todos", "found": 3, "new_ids": 0}],
        "problem_count": 1,
        "problems": [{"pointer": "/todos/2/title", "line": 7, "code": "required", "detail": "This field is required."}],
        "sha256": None,
        "created_at": "2026-11-22T08:32:10.654321Z",
        "expires_at": "2026-11-23T08:32:10.654321Z",
    }
