"""Files on their way in. They lie in a folder of MEDIA_ROOT that nothing serves, until they were checked."""

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from app.common.errors import Code, Problem
from app.common.parsing import refuse_other_charsets

MOST_BYTES = 256 * 1024 * 1024
CHUNK = 256 * 1024
ABANDONED_AFTER = 3600  # seconds
FULL = {errno.ENOSPC, errno.EDQUOT}


class Upload(dict[str, Any]):
    """A body that was written to a file, which is gone with this object unless it is kept.

    As a value it is what tells one call from another (``idempotency``).
    """

    def __init__(self, file: Any, size: int, sha256: str) -> None:
        super().__init__(size=size, sha256=sha256)
        self.file, self.size = file, size

    @classmethod
    def of(cls, request: Request) -> "Upload":
        """Return the file that a request has brought; raise Problem 400, 413, 415 or 507."""
        if request.stream is None:
            raise Problem(Code.MALFORMED_JSON, "The body is empty.")
        return cast("Upload", request.data)

    def keep(self, import_id: UUID) -> None:
        os.link(self.file.name, path_of(import_id))


class UploadParser(BaseParser):
    """Write a body to a file as it comes, however large, and count it."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> Upload:
        refuse_other_charsets(media_type or "")
        with room_on_disk():
            folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            return written(stream)


def written(stream: IO[bytes]) -> Upload:
    file = tempfile.NamedTemporaryFile(dir=folder())  # noqa: SIM115 - it lives as long as the upload
    size, digest = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:
            raise Problem(Code.BODY_TOO_LARGE, f"The file is larger than {MOST_BYTES // 1024**2} MiB.")
        digest.update(chunk)
        file.write(chunk)
    file.flush()
    return Upload(file, size, digest.hexdigest())


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Raise Problem (507) where the disk is full."""
    try:
        yield
    except OSError as fault:
        if fault.errno not in FULL:
            raise
        raise Problem(Code.INSUFFICIENT_STORAGE) from fault


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def path_of(import_id: UUID) -> Path:
    return folder() / str(import_id)


def remove(import_id: UUID) -> None:
    path_of(import_id).unlink(missing_ok=True)


def remove_abandoned(awaited: Collection[UUID]) -> int:
    """Delete the files of an hour ago and more that nobody waits for; return how many."""
    names = {str(import_id) for import_id in awaited}
    before, removed = time.time() - ABANDONED_AFTER, 0
    for path in folder().glob("*"):
        with suppress(FileNotFoundError):  # an upload has ended meanwhile
            if path.name not in names and path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed
