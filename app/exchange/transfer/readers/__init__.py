"""Formats that can be imported, one module each: it turns a file into records, and knows nothing of their rules."""

from typing import Any, NamedTuple

import msgspec

from app.common.errors import FieldError


class Place(msgspec.Struct):
    """How far a file was read: the next byte, its line, and where in the document that is.

    ``number`` is the index of the next record of the member, None outside of its array.
    """

    offset: int = 0
    line: int = 1
    member: str = ""
    number: int | None = None


class Found(NamedTuple):
    """A record as it stands in the file, unchecked, and where."""

    kind: str
    pointer: str
    line: int
    value: Any


class UnreadableError(Exception):
    """A file that can't be read any further."""

    def __init__(self, line: int, error: FieldError) -> None:
        super().__init__(error.detail)
        self.line = line
        self.error = error
