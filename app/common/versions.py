"""Rows that several clients edit: nobody overwrites what they have not seen.

A row counts its changes, and of each field it remembers which change was its last. So a change that was made from an
older state is applied as long as nobody else has changed the same fields since.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.db import models
from django.db.models.expressions import RawSQL
from django.http import HttpResponse
from django.utils import timezone
from msgspec import UNSET, UnsetType
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from app.common.conditional import bytes_or_304, named_in
from app.common.errors import Code, Problem
from app.common.serializers import Serializer

# The new version under a name, and under "" the last version whose fields nobody has noted, if there is one.
NOTED = """
field_versions || jsonb_build_object(%s::text, version + 1) ||
CASE WHEN version > (SELECT coalesce(max(noted::int), 1) FROM jsonb_each_text(field_versions) AS every (field, noted))
THEN jsonb_build_object('', version) ELSE '{}' END
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Versioned(models.Model):
    """A row with a version, and for each field the version that last changed it; one without is as it was made.

    A release before this one counts versions and notes no fields. Any field may have changed up to such a version,
    which stands under "" once a change that is noted has followed.

    ``UNITS`` names fields that only make sense together: a change of one counts for all that share its unit.
    """

    UNITS: Mapping[str, str] = {}

    # The database has the defaults too, for the release before this one, which may still be writing during an upgrade.
    version = models.PositiveIntegerField(default=1, db_default=1)
    field_versions = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    class Meta:
        abstract = True

    def differing(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the given members that are not as they should be already."""
        return {name: value for name, value in given.items() if getattr(self, name) != value}

    def changed_since(self, base: int, names: Mapping[str, Any]) -> list[str]:
        """Return which of these fields somebody has changed after a version."""
        unnoted = self._last_unnoted()
        return sorted(name for name in names if max(self.field_versions.get(self._unit(name), 1), unnoted) > base)

    def count_change(self, names: Mapping[str, Any]) -> list[str]:
        """Note that these fields have changed; return the columns that this has written to."""
        unnoted = self._last_unnoted()
        self.version += 1
        self.updated_at = timezone.now()
        self.field_versions |= {self._unit(name): self.version for name in names}
        if unnoted > 1:
            self.field_versions[""] = unnoted
        return ["version", "field_versions", "updated_at"]

    @staticmethod
    def counted(name: str, now: datetime) -> dict[str, Any]:
        """Return what an UPDATE of many rows sets to do what ``count_change`` does for one field of one row."""
        return {"version": models.F("version") + 1, "field_versions": RawSQL(NOTED, [name]), "updated_at": now}  # noqa: S611 - text of ours alone

    def _last_unnoted(self) -> int:
        """Return the last version whose fields nobody has noted."""
        is_noted = self.version == max(self.field_versions.values(), default=1)
        return self.field_versions.get("", 1) if is_noted else self.version

    def _unit(self, name: str) -> str:
        return self.UNITS.get(name, name)


def admit(row: Versioned, given: dict[str, Any], if_match: "IfMatch", theirs: Serializer) -> dict[str, Any]:
    """Return what a change has left to do; raise Problem (412, 422) where it may not be made from where it began."""
    base = given.pop("version", None)
    yours = row.differing(given)
    if_match.check(row, yours, theirs)
    refuse_collision(row, yours, base, theirs)
    return yours


def refuse_collision(row: Versioned, yours: Mapping[str, Any], base: int | None, theirs: Serializer) -> None:
    """Raise Problem where a change from the version ``base`` would undo someone else's: 412, or 422 from the future."""
    if base is None:
        return
    if base > row.version:
        raise Problem.at("/version", "from_the_future", f"It is at version {row.version}.")
    if fields := row.changed_since(base, yours):
        raise stale(row, yours, fields, theirs)


def tag_of(state: Any) -> str:
    """Return the ETag of a row, or of what a client sees of one.

    The version alone would not do: it begins at 1 again where a row is made anew under its id.
    """
    return f'"{state.version}-{(state.updated_at - EPOCH) // timedelta(microseconds=1):x}"'


class IfMatch:
    """The precondition of a request (RFC 9110, If-Match), or of a command, which names a version: what it may change.

    Weak forms count as strong ones, because compression on the way makes them weak.
    """

    def __init__(self, request: Request | None = None, *, version: int | UnsetType = UNSET) -> None:
        self._given = request.headers.get("If-Match", "*").strip() if request else "*"
        self._version = version

    def check(self, row: Versioned, yours: Mapping[str, Any], theirs: Serializer) -> None:
        """Raise Problem (412) for a row in another state."""
        if not (self._is_named_by_version(row) and self._is_named_by_tag(row)):
            raise stale(row, yours, sorted(yours), theirs)

    def _is_named_by_version(self, row: Versioned) -> bool:
        return self._version is UNSET or self._version == row.version

    def _is_named_by_tag(self, row: Versioned) -> bool:
        return self._given == "*" or tag_of(row) in named_in(self._given)


@contextmanager
def create_only(request: Request) -> Iterator[None]:
    """Let a taken id be the failed precondition (412) of who sent ``If-None-Match: *``, whoever has the id."""
    try:
        yield
    except Problem as problem:
        if problem.code is Code.ID_TAKEN and request.headers.get("If-None-Match", "").strip() == "*":
            raise Problem(Code.PRECONDITION_FAILED, "There is a row of this id already.") from problem
        raise


def stale(row: Versioned, yours: Mapping[str, Any], fields: list[str], theirs: Serializer) -> Problem:
    detail = f"It is at version {row.version} by now."
    return Problem(Code.STALE_VERSION, detail, theirs=theirs, yours=yours, fields=fields)


def answer(request: Request, item: Any, status: int = 200) -> HttpResponse:
    """Answer a row with its ETag, or 304 to who has that state already."""
    tag = tag_of(item)
    if request.method in SAFE_METHODS:
        return bytes_or_304(request, msgspec.json.encode(item), tag)
    return Response(item, status, headers={"ETag": tag})
