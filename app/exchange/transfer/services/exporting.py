"""Everything that a user has, as one JSON document that is written while it is read."""

import logging
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from app.accounts.queries import users
from app.accounts.serializers import Account
from app.attachments.services import contents_of
from app.common.serializers import ChosenUUID
from app.exchange.transfer import canonical
from app.exchange.transfer.kinds import KINDS, Kind
from app.exchange.transfer.queries import records
from app.exchange.transfer.serializers import PART, ContentPart

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
    """Gather parts, so that each is worth a write; after a fault never end."""
    waiting = bytearray()
    yield first
    try:
        for part in parts:
            waiting += part
            if len(waiting) >= CHUNK:
                yield bytes(waiting)
                waiting.clear()
    except Exception:
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
        total, digests, lost = canonical.Total(), dict[UUID, bytes](), set[UUID]()
        for kind in KINDS.values():
            if kind.name == "attachments":
                yield from array("contents", contents(user, lost))
            yield from array(kind.name, summed(user, kind, lost, total, digests))
        yield b"\n" + member("sha256") + msgspec.json.encode(total.sha256()) + b"}\n"


def array(name: str, items: Iterator[Any]) -> Iterator[bytes]:
    """Yield a member that is an array, each of its items on a line of its own."""
    yield b"\n" + member(name) + b"["
    separator = b"\n"
    for item in items:
        yield separator + msgspec.json.encode(item)
        separator = b",\n"
    yield b"\n],"


def summed(
    user: Account, kind: Kind, lost: set[UUID], total: canonical.Total, digests: dict[UUID, bytes]
) -> Iterator[Any]:
    """Yield the records of a kind and add them to the canonical hash."""
    referred = set() if kind.are_few else records.referred_ids(user, kind)
    for record in records.records_of(user, kind, list(digests)):
        if record.id not in lost:
            known = {name: digests[getattr(record, name)] for name in kind.references}
            found = canonical.digest(msgspec.to_builtins(record), known)
            total.add(found)
            if kind.are_few or record.id in referred:
                digests[record.id] = found
            yield record


def contents(user: Account, lost: set[UUID]) -> Iterator[ContentPart]:
    """Yield the contents of all attachments in parts, and note those whose content is lost."""
    for attachment, file in contents_of(user):
        if file is None:
            lost.add(attachment.id)
            continue
        offset = 0
        while data := file.read(PART):
            yield ContentPart(attachment_id=ChosenUUID(str(attachment.id)), offset=offset, data=data)
            offset += len(data)


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
