"""The contents of attachments, as files below MEDIA_ROOT under names that nobody can guess.

A content is written beside the others first, and moved into its place before its row is committed. So whatever breaks
leaves at worst a file without a row, which ``services.sweep_orphans`` removes, and never a row without its file.
"""

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from app.attachments.models import MAX_SIZE
from app.common.disk import make_folder, media_root, needs_disk
from app.common.errors import Code, Problem
from app.common.uploads import Upload

FOLDER = "attachments"  # below MEDIA_ROOT, where other things may lie beside it
INCOMING = "incoming"
NAME = re.compile(r"[0-9a-f]{64}")


def receive(chunks: Iterable[bytes]) -> Upload:
    """Write a content that is nobody's yet; raise Problem 413 or 422 for its size, 503 or 507 for the disk."""
    with needs_disk():
        make_folder(folder(INCOMING))
    return Upload(chunks, folder(INCOMING), MAX_SIZE)


def new_name() -> str:
    return secrets.token_hex(32)


def folder(name: str) -> Path:
    return media_root() / FOLDER / name


def path_of(file: str) -> Path:
    return folder(file[:2]) / file


def url_of(file: str) -> str:
    """Return by which address the application has nginx open a file."""
    return f"{settings.MEDIA_URL}{FOLDER}/{file[:2]}/{file}"


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
