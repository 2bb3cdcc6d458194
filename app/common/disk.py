"""Files below MEDIA_ROOT that are found after a crash too, and what a client is told where the disk fails."""

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from app.common.errors import Code, Problem

log = logging.getLogger(__name__)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def media_root() -> Path:
    return Path(settings.MEDIA_ROOT)


def make_folder(path: Path, mode: int = 0o777) -> None:
    """Make a folder, and those above it; MEDIA_ROOT itself has to be there."""
    if path != media_root() and not path.is_dir():
        make_folder(path.parent)
        path.mkdir(mode, exist_ok=True)
        sync(path.parent)


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
        log.exception("the folder of files can't be used")
        if fault.errno in NO_ROOM:
            raise Problem(Code.INSUFFICIENT_STORAGE) from fault
        raise Problem(Code.UNAVAILABLE, "The files can't be reached at the moment. Try again shortly.") from fault
