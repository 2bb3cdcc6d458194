"""Everything that a user has, as one JSON document that is written while it is read."""

import logging
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from django.db import Error
from django.utils import timezone

from app.accounts.queries import users
from app.accounts.serializers import Account
from app.exchange.transfer import canonical
from app.exchange.transfer.kinds import KINDS, Kind
from app.exchange.transfer.queries import records

log = logging.getLogger(__name__)
FORMAT, VERSION = "doable", 1
CHUNK = 128 * 1024  # bytes
GIVEN_UP_AFTER, LOOK = 60.0, 0.25  # seconds


def export(user: Account) -> Iterator[bytes]:
    """Yield the document. Its first part is read at once, so that a database that is gone is told by a status."""
    parts = document(user)
    first = next(parts)
    return chunks(first, parts)


def chunks(first: bytes, parts: Iterator[bytes]) -> Iterator[bytes]:
    """Gather parts, so that each is worth a write; after a fault of the database never end."""
    waiting = bytearray()
    yield first
    try:
        for part in parts:
            waiting += part
            if len(waiting) >= CHUNK:
                yield bytes(waiting)
                waiting.clear()
    except Error:
        log.exception("an export has been broken off")
        yield from silence()
    yield bytes(waiting)


def silence() -> Iterator[bytes]:
    """Yield nothing until nginx gives up and cuts the client off.

    The status is long gone, and the server would end the answer as properly as a whole one.
    """
    until = time.monotonic() + GIVEN_UP_AFTER
    while time.monotonic() < until:
        time.sleep(LOOK)
        yield b""


def document(user: Account) -> Iterator[bytes]:
    """Yield header, records and canonical hash, from one state of the database."""
    with records.snapshot(user):
        yield header(user)
        total, digests = canonical.Total(), dict[UUID, bytes]()
        for kind in KINDS.values():
            yield b"\n" + member(kind.name) + b"["
            separator = b"\n"
            for record in records.records_of(user, kind):
                yield separator + msgspec.json.encode(record)
                separator = b",\n"
                total.add(noted(kind, record, digests))
            yield b"\n],"
        yield b"\n" + member("sha256") + msgspec.json.encode(total.sha256()) + b"}\n"


def header(user: Account) -> bytes:
    owner = users.get_user(user.id)
    members = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": timezone.now(),
        "account": {"name": owner.name, "time_zone": owner.time_zone},
    }
    return msgspec.json.encode(members)[:-1] + b","


def member(name: str) -> bytes:
    return msgspec.json.encode(name) + b":"


def noted(kind: Kind, record: Any, digests: dict[UUID, bytes]) -> bytes:
    """Return the digest of a record, and keep it if other records may refer to it."""
    referred = {name: digests[getattr(record, name)] for name in kind.references}
    found = canonical.digest(msgspec.to_builtins(record), referred)
    if any(kind.name in other.references.values() for other in KINDS.values()):
        digests[record.id] = found
    return found
