"""Programs that can't outlive this process, and what is said when one of them fails."""

import os
import signal
import subprocess
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
    """Start a program as Popen does, options included; the kernel sends it the signal when we die."""
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603 - every command is made here or typed by the person who runs us
        command,
        env=environment,
        preexec_fn=lambda: kernel.end_with_parent(parent, death_signal),  # noqa: PLW1509 - we have no threads
        **options,
    )


def run_once(
    what: str, command: Sequence[str | Path], environment: Mapping[str, str], log: Path, text: str = ""
) -> None:
    """Run a program, which reads the text, to its end. Raise Fault with its last words where it fails."""
    with log.open("wb") as output:
        process = spawn(
            command,
            environment,
            signal.SIGTERM,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            process.communicate(text.encode())
        except KeyboardInterrupt:
            process.kill()
            raise
    if process.returncode != 0:
        raise failure(f"{what} has failed ({describe_end(process.returncode)})", log)


def failure(what: str, log: Path) -> Fault:
    """Describe a failure with the last lines of the log."""
    lines = log.read_text(errors="replace").splitlines()[-TAIL:]
    return Fault("\n".join((f"{what}; the end of {log}:", *(f"  {line}" for line in lines))))


def describe_end(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
