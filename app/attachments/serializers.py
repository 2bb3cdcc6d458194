"""What goes in and out of the paths of attachments; a content is bytes, and no struct reads it."""

from typing import Annotated, Self
from uuid import UUID

from msgspec import Meta

from app.attachments.models import NAME_LENGTH
from app.common.serializers import Instant, Serializer
from app.common.texts import Line, Place, TextError

# Separators of paths, what is not seen between letters, marks of the direction, and the sign of broken UTF-8.
NEVER_IN_NAMES = frozenset("/\\\u061c\u200b\u200e\u200f\u2060\ufeff\ufffd")


class FileName(Line):
    """A line that neither a disk nor a reader stumbles over."""

    __slots__ = ()
    max_length = NAME_LENGTH
    examples = ["Receipt.pdf"]

    def __new__(cls, given: object) -> Self:
        name = super().__new__(cls, given)
        if name.strip(".") != name:  # other systems hide a file for the first, and drop the last
            raise TextError("Expected no dot at its ends", "invalid_file_name")
        strange = next((Place(char, at) for at, char in enumerate(str(given), 1) if char in NEVER_IN_NAMES), None)
        if strange:
            raise TextError(f"{strange} does not belong in the name of a file", "invalid_file_name")
        return name


class NewAttachment(Serializer):
    """What a query says of a new attachment."""

    name: FileName


class AttachmentOut(Serializer):
    """An attachment, without its content."""

    id: UUID
    todo_id: UUID
    name: str
    size: Annotated[int, Meta(description="In bytes.")]
    content_type: Annotated[str, Meta(description="Told from the content.")]
    sha256: str
    created_at: Instant

    EXAMPLE = {
        "id": "019aac45-80a1-7c30-9d5e-23f6a7b8c93a",
        "todo_id": "019aac42-5d17-7e02-a1b8-90c3d4e5f607",
        "name": "Receipt.pdf",
        "size": 48213,
        "content_type": "application/pdf",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "created_at": "2026-11-22T08:32:10.654321Z",
    }


class AttachmentList(Serializer):
    """The attachments of a todo, oldest first."""

    results: list[AttachmentOut]
