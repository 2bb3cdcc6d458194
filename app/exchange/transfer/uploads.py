"""Files on their way in. They lie in a folder of MEDIA_ROOT that nothing serves, until they were checked."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any, Self
from uuid import UUID

from django.conf import settings
from rest_framework.parsers import BaseParser

from app.attachments import files
from app.attachments.content_types import HEAD
from app.attachments.files import needs_disk
from app.attachments.uploading import chunks_of
from app.common.errors import Code, Problem
from app.common.parsing import refuse_other_charsets

MOST_BYTES = 2 * 1024**3  # the attachments of an account with the usual quota fit in, a third longer as base64
ABANDONED_AFTER = 3600  # seconds


class Upload:
    """A body in a file that leaving its ``with`` removes, unless it was kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Write the body; raise Problem 413, or 503 and 507 where the disk refuses it."""
        self.size = 0
        with ExitStack() as undone, needs_disk():
            folder().mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = undone.enter_context(tempfile.NamedTemporaryFile(dir=folder()))
            self.sha256 = self._write(chunks)
            self._cleanup = undone.pop_all()

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
        with needs_disk():
            os.link(self._file.name, path_of(import_id))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()


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
        length = (parser_context or {})["request"].META["CONTENT_LENGTH"]
        return Upload(chunks_of(stream, int(length)))


# --- contents of attachments -----------------------------------------------------------------------


def write_part(import_id: UUID, attachment_id: UUID, offset: int, data: bytes) -> None:
    """Write bytes of a content; to write the same again changes nothing. Raise Problem 503 or 507."""
    with needs_disk():
        path = contents_of(import_id)
        path.mkdir(mode=0o700, exist_ok=True)
        file = os.open(path / str(attachment_id), os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.pwrite(file, data, offset)
        finally:
            os.close(file)


def described(import_id: UUID, attachment_id: UUID, type_of: Callable[[bytes], str]) -> dict[str, Any]:
    """Return what a content is, and bring it to disk; of one that is not there, nothing."""
    try:
        with (contents_of(import_id) / str(attachment_id)).open("rb") as file:
            os.fsync(file.fileno())
            content_type = type_of(file.read(HEAD))
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            return {"size": file.tell(), "content_type": content_type, "sha256": sha256}
    except FileNotFoundError:
        return {}


def place_contents(import_id: UUID, names: Iterable[tuple[UUID, str]]) -> None:
    """Let contents be found under names of the attachments, after a crash too; raise Problem 503 or 507."""
    folders = set()
    with needs_disk():
        for attachment_id, name in names:
            path = files.path_of(name)
            files.make_folder(path.parent.name)
            content = contents_of(import_id) / str(attachment_id)
            os.utime(content)  # or it would be swept as an orphan before its row is committed
            os.link(content, path)
            folders.add(path.parent)
        for path in folders:
            files.sync(path)


# --- the folder ------------------------------------------------------------------------------------


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def path_of(import_id: UUID) -> Path:
    return folder() / str(import_id)


def contents_of(import_id: UUID) -> Path:
    return folder() / f"{import_id}.contents"


def remove_file(import_id: UUID) -> None:
    path_of(import_id).unlink(missing_ok=True)


def remove_all(import_id: UUID) -> None:
    remove_file(import_id)
    shutil.rmtree(contents_of(import_id), ignore_errors=True)


def remove_abandoned(awaited: Collection[UUID]) -> int:
    """Delete what nobody waits for and is older than an hour; return how much there was."""
    names = {str(import_id) for import_id in awaited}
    before, removed = time.time() - ABANDONED_AFTER, 0
    for path in folder().glob("*"):
        with suppress(FileNotFoundError):  # an upload has ended meanwhile
            if path.name.partition(".")[0] not in names and path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                removed += 1
    return removed
