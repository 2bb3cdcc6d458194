"""Programs that can't outlive this process, and what is said when one of them fails."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from local import kernel
from local.fault import Fault

TAIL = 15  # lines of a log shown where a program has failed


def spawn(
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    death_signal: signal.Signals,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a program as Popen does, options included; the kernel sends it the signal when we die.

    It inherits the descriptors that are inheritable: of ours, the lock of the servers alone.
    """
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603 - every command is made here or typed by the person who runs us
        command,
        env=environment,
        close_fds=False,
        preexec_fn=lambda: kernel.end_with_parent(parent, death_signal),  # noqa: PLW1509 - we have no threads
        **options,
    )


class Task:
    """A started program that has an end; its output goes to the log."""

    def __init__(
        self, what: str, command: Sequence[str | Path], environment: Mapping[str, str], log: Path, text: str = ""
    ) -> None:
        self._what = what
        self._log = log
        with log.open("wb") as output, tempfile.TemporaryFile() as reads:
            reads.write(text.encode())
            reads.seek(0)
            streams = {"stdin": reads, "stdout": output, "stderr": subprocess.STDOUT}
            self._process = spawn(command, environment, signal.SIGTERM, **streams)

    def finish(self) -> None:
        """Wait for the end. Raise Fault with the program's last words where it has failed."""
        try:
            code = self._process.wait()
        except KeyboardInterrupt:
            self._process.kill()
            raise
        if code != 0:
            raise failure(f"{self._what} has failed ({describe_end(code)})", self._log)


def failure(what: str, log: Path) -> Fault:
    """Describe a failure with the last lines of the log."""
    lines = log.read_text(errors="replace").splitlines()[-TAIL:]
    return Fault("\n".join((f"{what}; the end of {log}:", *(f"  {line}" for line in lines))))


def describe_end(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
