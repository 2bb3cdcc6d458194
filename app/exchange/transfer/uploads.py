"""Files on their way in. They lie in a folder of MEDIA_ROOT that nothing serves, until they were checked."""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from app.attachments import files
from app.attachments.content_types import HEAD
from app.common.disk import make_folder, media_root, needs_disk, sync
from app.common.uploads import Upload, UploadParser

MOST_BYTES = 2 * 1024**3  # the attachments of an account with the usual quota fit in, a third longer as base64
ABANDONED_AFTER = 3600  # seconds


def receive(chunks: Iterable[bytes]) -> Upload:
    """Write a file that is nobody's yet; raise Problem 413 or 422 for its size, 503 or 507 for the disk."""
    with needs_disk():
        make_folder(folder(), mode=0o700)
    return Upload(chunks, folder(), MOST_BYTES)


class ImportParser(UploadParser):
    media_type = "application/json"

    def receive(self, chunks: Iterable[bytes]) -> Upload:
        return receive(chunks)


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
            make_folder(path.parent)
            content = contents_of(import_id) / str(attachment_id)
            os.utime(content)  # or it would be swept as an orphan before its row is committed
            os.link(content, path)
            folders.add(path.parent)
        for path in folders:
            sync(path)


# --- the folder ------------------------------------------------------------------------------------


def folder() -> Path:
    return media_root() / "imports"


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
