"""Which user the servers run as, and the step from root to that user."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from local import kernel
from local.choices import CLONE
from local.fault import Fault


def give_up_root(data: Path, programs: Iterable[Path]) -> None:
    """Go on as the unprivileged owner of the data folder; nothing to do for an ordinary user.

    The owner keeps the capability to read everything only where the clone, the interpreter, a program
    or the data folder lies behind a folder that is closed to it (a clone in root's home, for example).
    """
    if os.geteuid() != 0:
        return
    owner = data.stat()
    needed = (CLONE / "manage.py", Path(sys.executable), Path(os.__file__), *programs, data)
    try:
        kernel.become(owner.st_uid, owner.st_gid, keep_reading=not _can_read(owner, needed))
    except OSError as refusal:
        raise Fault(f"root can't change to the servers' user here ({refusal}); start as an ordinary user") from None
    os.environ["HOME"] = str(data)


def unprivileged() -> pwd.struct_passwd:
    """Return the user that owns the data of a stack started by root."""
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise Fault("this machine has no user nobody; start as an ordinary user instead of root") from None


def _can_read(owner: os.stat_result, paths: Iterable[Path]) -> bool:
    test = ["/bin/sh", "-c", 'for path; do test -r "$path" || exit 1; done', "sh", *map(str, paths)]
    return subprocess.call(test, user=owner.st_uid, group=owner.st_gid, extra_groups=[]) == 0  # noqa: S603 - a fixed script, paths as its arguments
