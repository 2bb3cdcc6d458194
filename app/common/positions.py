"""The manual order of rows: text that sorts, with room for one more between any two that differ.

A position is a fraction between 0 and 1, written in digits of base 64 that stand in the order of their bytes. None ends
in the digit zero, because nothing would fit between it and the same text without that digit.
"""

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from django.db import models
from msgspec import Meta

from app.common.errors import Code, Problem

DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
ZERO, LAST = DIGITS[0], DIGITS[-1]
FORM = "^[-0-9A-Z_a-z]*[0-9A-Z_a-z]$"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"  # the same digits in the order of RFC 4648
BITS = 6  # of a digit
MAX_LENGTH = 1000  # leaves room for at least 5,400 rows in one place; an entry of an index takes 2,700 bytes
STAMP_LENGTH = 14  # hexadecimal digits, enough for 2,000 years of microseconds

Before = Annotated[UUID, Meta(description="Stand directly before this one; instead of `after`.")]
After = Annotated[UUID, Meta(description="Stand directly behind this one; instead of `before`.")]


class PositionField(models.CharField):  # type: ignore[type-arg]  # generic only in the stubs
    """A position, compared byte by byte: a longer text stands behind its own beginning."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": MAX_LENGTH, "db_collation": "C", **options})


class Move(NamedTuple):
    """Where a client wants a row: on this side of that other row, ``before`` or ``after``."""

    side: str
    anchor_id: UUID

    @classmethod
    def taken_from(cls, given: dict[str, Any]) -> "Move | None":
        """Take the move out of a payload's members; raise Problem (422) for two."""
        moves = [cls(side, given.pop(side)) for side in ("before", "after") if side in given]
        if len(moves) > 1:
            raise Problem.at("/after", "contradicts", "Give before or after, not both.")
        return moves[0] if moves else None

    def position(
        self, row: models.Model, visible: models.QuerySet[Any], siblings: models.QuerySet[Any], now: datetime
    ) -> str:
        """Return the position that puts a row there; it stays where it is if it is there already.

        ``visible`` are the rows that may be named, ``siblings`` these and the ones in the trash, which keep their
        places. Two statements. Raises Problem 422 (no such row) or 409 (no room).
        """
        anchor = visible.filter(pk=self.anchor_id).exclude(pk=row.pk).values_list("position", flat=True).first()
        if anchor is None:
            raise Problem.at(f"/{self.side}", "unknown_neighbour", "There is no such other row in this order.")
        towards = siblings.filter(position__lt=anchor).order_by("-position", "-id")
        if self.side == "after":
            towards = siblings.filter(position__gt=anchor).order_by("position", "id")
        neighbour = towards.values_list("pk", "position").first()
        if neighbour and neighbour[0] == row.pk:
            return str(neighbour[1])
        return self.beside(anchor, neighbour and neighbour[1], now)

    def beside(self, anchor: str, neighbour: str | None, now: datetime) -> str:
        """Return a position between an anchor and its neighbour on this side, or far out where it has none."""
        if self.side == "before":
            start = at_the_start(now)
            return between(neighbour or "", anchor) if neighbour or start >= anchor else start
        end = at_the_end(now)
        return between(anchor, neighbour or anchor + LAST) if neighbour or end <= anchor else end


def at_the_end(now: datetime) -> str:
    """Return a position behind those made before ``now``: the microseconds since 1970, in hexadecimal."""
    return f"{microseconds(now):0{STAMP_LENGTH}x}"


def at_the_start(now: datetime) -> str:
    """Return a position before those made before ``now``: the same, counted downwards, and below all of them."""
    return f"{ZERO}{16**STAMP_LENGTH - microseconds(now):0{STAMP_LENGTH}x}"


def microseconds(now: datetime) -> int:
    return int(now.timestamp() * 1_000_000)


def between(low: str, high: str) -> str:
    """Return a short position about halfway between two, the lower of which may be "", the beginning of all.

    Each row that is put between two others takes a little more than one bit, wherever; raises Problem (409) where that
    is one too many.
    """
    width = (max(len(low), len(high)) // 4 + 1) * 4
    first, last = number(low, width), number(high, width)
    coarse = ((last - first).bit_length() - 5) // BITS * BITS  # digits that weigh a sixteenth of the distance or less
    middle = (first + last + (1 << coarse)) >> (coarse + 1) << coarse
    found = written(middle, width)
    if len(found) > MAX_LENGTH:
        raise Problem(Code.NO_ROOM, "There is no room left here. Move the row before this place away and back first.")
    return found


def number(position: str, width: int) -> int:
    """Return a position as a number of so many digits, a multiple of four."""
    return int.from_bytes(b64decode(position.ljust(width, ZERO).translate(str.maketrans(DIGITS, BASE64))))


def written(value: int, width: int) -> str:
    text = b64encode(value.to_bytes(width * BITS // 8)).decode()
    return text.translate(str.maketrans(BASE64, DIGITS)).rstrip(ZERO)
