"""The contents of attachments, as files below MEDIA_ROOT under names that nobody can guess.

A content is written beside the others first, and moved into its place before its row is committed. So whatever breaks
leaves at worst a file without a row, which ``services.sweep_orphans`` removes, and never a row without its file.
"""

import errno
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Self

from django.conf import settings

from app.attachments.content_types import HEAD, content_type_of
from app.attachments.models import MAX_SIZE
from app.common.errors import Code, Problem

log = logging.getLogger("doable.attachments")

FOLDER = "attachments"  # below MEDIA_ROOT, where other things may lie beside it
INCOMING = "incoming"
NAME = re.compile(r"[0-9a-f]{64}")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class Upload:
    """A content on disk that is nobody's yet; leaving its ``with`` removes it, unless it was kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Write the content; raise Problem 413 or 422 for its size, 503 or 507 where the disk refuses it."""
        self.file = secrets.token_hex(32)
        self.size = 0
        self._draft = folder(INCOMING) / self.file
        try:
            with needs_disk():
                make_folder(INCOMING)
                with self._draft.open("x+b") as draft:
                    self.sha256 = self._write(chunks, draft)
                    draft.seek(0)
                    self.content_type = content_type_of(draft.read(HEAD))
        except BaseException:
            self.remove()
            raise

    def _write(self, chunks: Iterable[bytes], draft: IO[bytes]) -> str:
        """Return the SHA-256 of what is on disk when this returns."""
        digest = hashlib.sha256()
        for chunk in chunks:
            self.size += len(chunk)  # counted here, because a Content-Length is only a claim
            if self.size > MAX_SIZE:
                raise Problem(Code.BODY_TOO_LARGE)
            digest.update(chunk)
            draft.write(chunk)
        if self.size == 0:
            raise Problem.at("", "too_short", "The content is empty.")
        draft.flush()
        os.fsync(draft.fileno())
        return digest.hexdigest()

    def keep(self) -> None:
        """Move the content into its place, where it is found after a crash too; raise Problem 503 or 507."""
        path = path_of(self.file)
        with needs_disk():
            make_folder(path.parent.name)
            self._draft.rename(path)
            sync(path.parent)

    def remove(self) -> None:
        """Remove the draft; one that can't be removed now is swept later."""
        with suppress(OSError):
            self._draft.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def folder(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / name


def path_of(file: str) -> Path:
    return folder(file[:2]) / file


def url_of(file: str) -> str:
    """Return by which address the application has nginx open a file."""
    return f"{settings.MEDIA_URL}{FOLDER}/{file[:2]}/{file}"


def make_folder(name: str) -> None:
    """Make a folder for contents that is found after a crash too; MEDIA_ROOT itself has to be there."""
    path = folder(name)
    for missing in (found for found in (path.parent, path) if not found.is_dir()):
        missing.mkdir(exist_ok=True)
        sync(missing.parent)


def sync(path: Path) -> None:
    """Bring the names in a folder to disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def needs_disk() -> Iterator[None]:
    """Raise the Problem that a fault of the disk means to a client: 507 where it is full, else 503."""
    try:
        yield
    except OSError as fault:
        log.exception("the folder of the attachments can't be used")
        if fault.errno in NO_ROOM:
            raise Problem(Code.INSUFFICIENT_STORAGE) from fault
        raise Problem(Code.UNAVAILABLE, "The files can't be reached at the moment. Try again shortly.") from fault


def require(file: str) -> None:
    """Raise Problem for a file that is lost (410), or out of reach with all others (503)."""
    with needs_disk():
        folder("").stat()
        if not is_there(file):
            raise Problem(Code.CONTENT_LOST)


def is_there(file: str) -> bool:
    return path_of(file).is_file()


@contextmanager
def open_content(file: str) -> Iterator[BinaryIO | None]:
    """Open a content for reading; None where it is lost, or was deleted a moment ago."""
    try:
        content = path_of(file).open("rb")
    except FileNotFoundError:
        yield None
        return
    with content:
        yield content


def remove(file: str) -> None:
    path_of(file).unlink(missing_ok=True)


def remove_old(path: Path, born_before: float) -> bool:
    """Remove a file last written before that time; return whether it was there and so old."""
    try:
        if path.stat().st_mtime >= born_before:
            return False
        path.unlink()
    except FileNotFoundError:  # its upload has just ended
        return False
    return True


def all_files() -> Iterator[dict[str, Path]]:
    """Yield folder after folder the files in it by name, drafts included; what was not made here is left out."""
    root = folder("")
    for place in sorted(root.glob("*/")):
        yield {path.name: path for path in place.iterdir() if NAME.fullmatch(path.name)}
