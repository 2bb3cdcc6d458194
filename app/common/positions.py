"""The manual order of rows: text that sorts, with room for one more between any two that differ.

A position is a fraction between 0 and 1, written in digits of base 64 that stand in the order of their bytes. None ends
in the digit zero, because nothing would fit between it and the same text without that digit.
"""

from datetime import datetime
from functools import reduce
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from django.db import models
from msgspec import Meta

from app.common.errors import Code, Problem

DIGITS = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
ZERO, LAST = DIGITS[0], DIGITS[-1]
VALUES = {digit: value for value, digit in enumerate(DIGITS)}
BITS = 6  # of a digit
MAX_LENGTH = 1000  # leaves room for 5,900 rows one between the others; an index takes 2,700 bytes
FORM = "^[-0-9A-Z_a-z]*[0-9A-Z_a-z]$"
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
            raise Problem.at("/after", "contradiction", "Give before or after, not both.")
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
    """Return the position halfway between two, the lower of which may be "", the beginning of all.

    Each row that is put between two others takes one bit, wherever; raises Problem (409) where that is one too many.
    """
    width = max(len(low), len(high)) + 1
    found = written((number(low, width) + number(high, width)) // 2, width)
    if len(found) > MAX_LENGTH:
        raise Problem(Code.NO_ROOM, "There is no room left here. Move the row before this place away and back first.")
    return found


def number(position: str, width: int) -> int:
    return reduce(lambda total, digit: total << BITS | VALUES[digit], position.ljust(width, ZERO), 0)


def written(value: int, width: int) -> str:
    digits = (DIGITS[value >> BITS * place & VALUES[LAST]] for place in reversed(range(width)))
    return "".join(digits).rstrip(ZERO)
