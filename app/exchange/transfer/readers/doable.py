"""The format of our own exports, version 1."""

from collections.abc import Iterator
from typing import Any, BinaryIO, get_origin

from msgspec.structs import fields

from app.common.errors import FieldError
from app.common.serializers import fault
from app.exchange.transfer.readers import Found, Place, UnreadableError
from app.exchange.transfer.readers.text import Text
from app.exchange.transfer.serializers import Export

MEMBERS = {field.encode_name: field.type for field in fields(Export)}
ORDER = list(MEMBERS)
ARRAYS = {name for name, kind in MEMBERS.items() if get_origin(kind) is list}
OPTIONAL = {"sha256"}
MOST_RECORDS = 1_000_000  # of one member, so that what was put aside can be deleted by one statement


class Reader:
    """Reads a file from any place on, record by record; ``place`` is always where another could go on."""

    def __init__(self, file: BinaryIO, place: Place) -> None:
        self._text = Text(file, place.offset, place.line)
        self._member, self._number = place.member, place.number
        self.claimed = ""  # the canonical hash that the file says it has

    @property
    def place(self) -> Place:
        return Place(self._text.offset, self._text.line, self._member, self._number)

    def __iter__(self) -> Iterator[Found]:
        """Yield the records that are left; raise UnreadableError."""
        if not self._member:
            self._text.expect("{")
        elif self._number is not None:
            yield from self._records()
        while self._begin_member():
            if self._member in ARRAYS:
                self._text.expect("[")
                self._number = 0
                yield from self._records()
            else:
                self._header(self._text.line, self._text.value())

    def _begin_member(self) -> bool:
        """Read the name of the next member; return False behind the last one, where nothing may follow."""
        if self._text.skip("}"):
            self._refuse_missing(len(ORDER))
            if self._text.peek():
                raise self._text.malformed("Something follows the document.")
            return False
        if self._member:
            self._text.expect(",")
        if self._text.peek() != '"':
            raise self._text.malformed("Expected the name of a member.")
        self._enter(self._text.value())
        self._text.expect(":")
        return True

    def _enter(self, name: str) -> None:
        if name not in MEMBERS:
            raise self._refused(FieldError("", "unknown_field", f"There is no member {name[:50]!a}."))
        self._refuse_missing(ORDER.index(name))
        if self._member and ORDER.index(name) <= ORDER.index(self._member):
            raise self._refused(FieldError(f"/{name}", "out_of_order", f"It stands behind {self._member}."))
        self._member = name

    def _refuse_missing(self, until: int) -> None:
        """Raise UnreadableError if a member is missing between the last one and the place of another."""
        begun = ORDER.index(self._member) + 1 if self._member else 0
        for name in ORDER[begun:until]:
            if name not in OPTIONAL:
                raise self._refused(FieldError(f"/{name}", "required", f"The member {name} has to stand here."))

    def _header(self, line: int, value: Any) -> None:
        error = fault(self._member, value, MEMBERS[self._member], strict=True)
        if error:
            raise UnreadableError(line, error)
        if self._member == "sha256":
            self.claimed = value

    def _records(self) -> Iterator[Found]:
        while not self._text.skip("]"):
            if self._number:
                self._text.expect(",")
            self._refuse_more()
            self._text.peek()
            line, pointer = self._text.line, f"/{self._member}/{self._number}"
            value = self._text.value()
            self._number = (self._number or 0) + 1
            yield Found(self._member, pointer, line, value)
        self._number = None

    def _refuse_more(self) -> None:
        if self._number == MOST_RECORDS:
            detail = f"There may be {MOST_RECORDS:,} records of a kind."
            raise self._refused(FieldError(f"/{self._member}", "too_many", detail))

    def _refused(self, error: FieldError) -> UnreadableError:
        return UnreadableError(self._text.line, error)
