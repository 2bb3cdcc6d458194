"""Files on their way in. They lie in a folder of MEDIA_ROOT that nothing serves, until they were checked."""

import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast
from uuid import UUID

from django.conf import settings
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from app.attachments.files import refused_by_disk
from app.attachments.uploading import chunks_of
from app.common.errors import Code, Problem
from app.common.parsing import refuse_other_charsets

MOST_BYTES = 2 * 1024**3  # the attachments of an account with the usual quota fit in, a third longer as base64
ABANDONED_AFTER = 3600  # seconds


class Upload:
    """A body that was written to a file, which is gone with this object unless it is kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Write the body; raise Problem 413, or 503 and 507 where the disk refuses it."""
        self.size = 0
        with refused_by_disk():
            folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = tempfile.NamedTemporaryFile(dir=folder())  # noqa: SIM115 - it lives as long as the upload
            self.sha256 = self._write(chunks)

    @classmethod
    def of(cls, request: Request) -> "Upload":
        """Return the body of a request; raise Problem 400, 413, 415, 503 or 507."""
        if request.stream is None:
            raise Problem(Code.MALFORMED_JSON, "The body is empty.")
        return cast("Upload", request.data)

    def _write(self, chunks: Iterable[bytes]) -> str:
        digest = hashlib.sha256()
        for chunk in chunks:
            self.size += len(chunk)
            if self.size > MOST_BYTES:
                raise Problem(Code.BODY_TOO_LARGE, f"The file is larger than {MOST_BYTES // 1024**3} GiB.")
            digest.update(chunk)
            self._file.write(chunk)
        self._file.flush()
        return digest.hexdigest()

    def keep(self, import_id: UUID) -> None:
        with refused_by_disk():
            os.link(self._file.name, path_of(import_id))


class UploadParser(BaseParser):
    """Write a body to a file as it comes, however large."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        refuse_other_charsets(media_type or "")
        request: Request = (parser_context or {})["request"]
        return Upload(chunks_of(stream, int(request.META["CONTENT_LENGTH"])))


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
