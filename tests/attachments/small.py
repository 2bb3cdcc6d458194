"""A service that grants one MiB to each user, with its folder of files."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from tests.rows import ask

FILE = "SELECT file FROM core_attachment WHERE id = %s"
TWO_HOURS = 7200  # seconds


class Small(NamedTuple):
    """Where it answers, and where its files lie."""

    url: str
    media: Path

    def files(self) -> set[str]:
        """Return the names of all files, drafts included."""
        return {path.name for path in self.media.rglob("*") if path.is_file()}

    def path_of(self, attachment_id: str) -> Path:
        file: str = ask(FILE, UUID(attachment_id))
        return self.media / "attachments" / file[:2] / file

    def sweep(self) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "manage.py", "sweep_attachments")
        environment = os.environ | {"MEDIA_ROOT": str(self.media)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command line


def age(path: Path) -> None:
    """Let a file be two hours old."""
    then = time.time() - TWO_HOURS
    os.utime(path, (then, then))
