"""What goes in and out of the paths of attachments; a content is bytes, and no struct reads it."""

import re
import unicodedata
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from app.attachments.models import NAME_LENGTH
from app.common.errors import Problem
from app.common.serializers import Instant, Serializer

# Separators of paths, what is invisible, what turns the direction of text around, and the sign of broken UTF-8.
NEVER_IN_NAMES = re.compile(
    r"[\x00-\x1f\x7f-\x9f/\\\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufffd\ud800-\udfff]"
)
OUTER = ". "  # what other systems hide a file for, or drop

FileName = Annotated[
    str,
    Meta(min_length=1, max_length=NAME_LENGTH, description="The name of the file.", examples=["Receipt.pdf"]),
]


def file_name(given: str) -> str:
    """Return a name as it is stored, in NFC; raise Problem (422) for one that a disk or a reader could stumble over."""
    name = unicodedata.normalize("NFC", given)
    if NEVER_IN_NAMES.search(name) or name.strip(OUTER) != name or not 0 < len(name) <= NAME_LENGTH:
        detail = "A file name has no path, no control characters, and neither dot nor space at its ends."
        raise Problem.at("/name", "invalid_file_name", detail)
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
