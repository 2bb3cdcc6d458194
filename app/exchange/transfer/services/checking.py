"""Reads what was uploaded, a bit at a time, and puts aside every record that could be made.

Each bit is one transaction: whoever is killed has done all of it or nothing, and the next goes on from there.
"""

import logging
import time
from functools import partial
from typing import NamedTuple

import msgspec
from django.db import InterfaceError, OperationalError, transaction

from app.common.errors import FieldError
from app.common.statements import be_patient
from app.exchange.transfer import uploads
from app.exchange.transfer.kinds import KINDS
from app.exchange.transfer.models import Import, ImportState
from app.exchange.transfer.queries import imports
from app.exchange.transfer.readers import Found, Place, UnreadableError
from app.exchange.transfer.readers.doable import Reader
from app.exchange.transfer.services.importing import forget_files
from app.exchange.transfer.services.report import Report
from app.exchange.transfer.services.staging import stage

log = logging.getLogger(__name__)
BIT_SECONDS, BIT_BYTES, BIT_PARTS = 0.2, 1024 * 1024, 100


class Bit(NamedTuple):
    """Some records of a file, whether they are its last, and what made it unreadable behind them."""

    found: list[Found]
    is_last: bool
    fault: UnreadableError | None = None


def check_next() -> bool:
    """Check a bit of the import that has waited longest; return whether there was one.

    That it is tried is noted first, in a transaction of its own: a bit that fails comes behind those of others.
    """
    import_id = imports.claim_next()
    if import_id is None:
        return False
    with transaction.atomic():
        source = imports.lock_waiting(import_id)
        if source and imports.is_given_up(source):
            fail(source)
        elif source:
            check_bit(source)
    return True


def check_bit(source: Import) -> None:
    """Check the next records of a file. A fault of ours ends this import; one of the database is tried again."""
    try:
        with transaction.atomic(), uploads.path_of(source.pk).open("rb") as file:
            go_on(source, Reader(file, msgspec.convert(source.place, Place)))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("an import can't be checked")
        source.refresh_from_db()
        fail(source)


def go_on(source: Import, reader: Reader) -> None:
    bit, report = read_bit(reader), Report(source)
    stage(source, bit.found, report)
    if bit.fault:
        report.add("", bit.fault.line, bit.fault.error)
    elif bit.is_last and report.is_good and reader.claimed not in ("", report.sha256):
        error = FieldError("/sha256", "not_as_exported", "The records are not those that were exported.")
        report.add("", reader.place.line, error)
    imports.save(
        source,
        state=ImportState.CHECKING,
        place=msgspec.to_builtins(reader.place),
        records=report.records,
        problems=report.problems,
        problem_count=report.count,
        tally=report.tally.counts,
        total=report.total.encoded(),
    )
    if bit.is_last:
        end(source, ImportState.CHECKED if report.is_good else ImportState.REFUSED, report.sha256)


def read_bit(reader: Reader) -> Bit:
    """Read until there are enough records, enough bytes, or enough time has gone."""
    found, begin, until = list[Found](), reader.place.offset, time.monotonic() + BIT_SECONDS
    try:
        for record in reader:
            found.append(record)
            is_enough = len(found) == at_once(record.kind) or reader.place.offset - begin > BIT_BYTES
            if is_enough or time.monotonic() > until:
                return Bit(found, is_last=False)
    except UnreadableError as fault:
        return Bit(found, is_last=True, fault=fault)
    return Bit(found, is_last=True)


def at_once(kind: str) -> int:
    return KINDS[kind].at_once if kind in KINDS else BIT_PARTS


def end(source: Import, state: ImportState, sha256: str = "") -> None:
    """Note how the check has ended. Nobody needs the file any more, nor what will not be made of it."""
    is_good = state is ImportState.CHECKED
    imports.save(source, state=state, sha256=sha256 if is_good else "")
    if is_good:
        transaction.on_commit(partial(uploads.remove_file, source.pk), robust=True)
    else:
        be_patient()
        imports.delete_rows(source)
        forget_files([source.pk])


def fail(source: Import) -> None:
    """End a check that we can't bring to an end, and say from where on."""
    report, place = Report(source), msgspec.convert(source.place, Place)
    report.add("", place.line, FieldError("", "check_failed", "The server can't check the file from here on."))
    imports.save(source, problems=report.problems, problem_count=report.count)
    end(source, ImportState.FAILED)


def purge() -> int:
    """Delete the imports of more than a day ago and files that nobody waits for; return how many."""
    with transaction.atomic():
        count = imports.delete_old_imports()
    return count + uploads.remove_abandoned(imports.awaited_files())
