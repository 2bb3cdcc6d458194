"""Checks records by the rules of the API, and puts them aside as the rows that they will be."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from app.common.errors import FieldError, Problem
from app.common.serializers import decode_id, pointer
from app.exchange.transfer import canonical, uploads
from app.exchange.transfer.kinds import KINDS, Kind
from app.exchange.transfer.models import Import, ImportRow
from app.exchange.transfer.queries import imports
from app.exchange.transfer.readers import Found
from app.exchange.transfer.serializers import ContentPart, Traced
from app.exchange.transfer.services.report import Report

Known = Mapping[str, Mapping[UUID, bytes]]  # for each member, the digests of the records that it may refer to


class Candidate(NamedTuple):
    """A record as it was found, and as it was checked if nothing is wrong with it."""

    found: Found
    id: UUID
    record: Any


def stage(source: Import, found: Iterable[Found], report: Report) -> None:
    """Put aside what is right, and report what is wrong."""
    for name, group in groupby(found, key=lambda one: one.kind):
        if name in KINDS:
            Stage(source, KINDS[name], report).put_aside(group)
        else:
            write_parts(source, group, report)


def write_parts(source: Import, found: Iterable[Found], report: Report) -> None:
    """Write those parts of contents to files that are right, also where the import will be refused.

    Without its content, nothing could be said of an attachment.
    """
    for one in found:
        try:
            part = ContentPart.checked(one.value, strict=True)
            errors = report.tally.add_part()
        except Problem as problem:
            errors = problem.errors
        for error in errors:
            report.add(one.pointer, one.line, error)
        if not errors:
            uploads.write_part(source.pk, part.attachment_id, part.offset, part.data)


class Stage:
    """The records of one kind, and what is known of them.

    A record that is wrong but has an id is put aside empty, so that what refers to it is not reported as well.
    """

    def __init__(self, source: Import, kind: Kind, report: Report) -> None:
        self._source, self._kind, self._report = source, kind, report

    def put_aside(self, found: Iterable[Found]) -> None:
        candidates = self._distinct(self._candidates(found))
        known = {member: self._known(member, kind, candidates) for member, kind in self._kind.references.items()}
        targets = imports.free_ids(self._kind, [one.id for one in candidates])
        imports.insert_rows([self._row(one, targets[one.id], known) for one in candidates])

    def _candidates(self, found: Iterable[Found]) -> list[Candidate]:
        """Return the records that have an id, those without a fault with what they hold."""
        candidates = []
        for one in found:
            record, errors = self._converted(one.value)
            self._add(one, *errors)
            record_id = record.id if record else id_of(one.value)
            if record_id:
                candidates.append(Candidate(one, record_id, None if errors else record))
        return candidates

    def _converted(self, value: Any) -> tuple[Any, list[FieldError]]:
        """Return the record, and what is wrong with it by itself."""
        try:
            record = self._kind.record.checked(value, strict=True)
        except Problem as problem:
            return None, problem.errors
        return record, check_times(record) + check_versions(record) + self._kind.check(record, self._source.pk)

    def _distinct(self, candidates: list[Candidate]) -> list[Candidate]:
        """Return the first record of each id."""
        seen = set(imports.rows_of(self._source, self._kind.name, [one.id for one in candidates]))
        first = []
        for one in candidates:
            if one.id in seen:
                self._add(one.found, FieldError("/id", "repeated_id", "Another record has the same id."))
            else:
                seen.add(one.id)
                first.append(one)
        return first

    def _known(self, member: str, kind: str, candidates: list[Candidate]) -> Mapping[UUID, bytes]:
        ids = {getattr(one.record, member) for one in candidates if one.record}
        return imports.rows_of(self._source, kind, ids)

    def _row(self, one: Candidate, target: UUID, known: Known) -> ImportRow:
        name = self._kind.name
        row = ImportRow(source=self._source, kind=name, record_id=one.id, target_id=target, data={}, digest=b"")
        if one.record and self._refers_well(one, known):
            referred = {member: digests[getattr(one.record, member)] for member, digests in known.items()}
            row.digest = canonical.digest(one.found.value, referred)
            row.data = self._kind.row(one.record)
            self._report.count_record(name, row.digest, gets_new_id=target != one.id)
            if self._report.is_good:
                self._add(one.found, *self._report.tally.add(one.record))
        return row

    def _refers_well(self, one: Candidate, known: Known) -> bool:
        """Report each member that refers to no record of the file; return whether none does."""
        missing = [member for member, digests in known.items() if getattr(one.record, member) not in digests]
        for member in missing:
            error = FieldError(pointer(member), "unknown_record", "The file has no record of this id.")
            self._add(one.found, error)
        return not missing

    def _add(self, one: Found, *errors: FieldError) -> None:
        for error in errors:
            self._report.add(one.pointer, one.line, error)


def id_of(value: Any) -> UUID | None:
    try:
        return decode_id(value["id"])
    except (TypeError, KeyError, ValueError):
        return None


def check_versions(record: Any) -> list[FieldError]:
    if isinstance(record, Traced) and max(record.field_versions.values(), default=1) > record.version:
        return [FieldError("/field_versions", "from_the_future", f"It is at version {record.version}.")]
    return []


def check_times(record: Any) -> list[FieldError]:
    times = {name: value for name, value in msgspec.structs.asdict(record).items() if isinstance(value, datetime)}
    return [
        FieldError(pointer(name), "out_of_range", "It is not in the years 1 to 9999 of UTC.")
        for name, value in times.items()
        if not has_utc(value)
    ]


def has_utc(moment: datetime) -> bool:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True
