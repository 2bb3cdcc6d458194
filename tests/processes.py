"""The processes of the stack, found from the number that PostgreSQL writes into its data folder."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")  # a second


class Process(NamedTuple):
    """A running process."""

    pid: int
    parent: int
    started: float  # seconds after the start of the machine
    processor_seconds: float  # how long it has kept a processor busy, without what it had to wait for one

    @property
    def age(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME) - self.started

    @property
    def memory(self) -> float:
        """Return how many MiB of it lie in memory."""
        [kib] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        return int(kib) / 1024


def find(pid: int) -> Process | None:
    """Return a process, None where it has ended."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    numbers = [int(field) for field in fields]
    process = Process(pid, numbers[0], numbers[18] / TICKS, (numbers[10] + numbers[11]) / TICKS)
    return None if state == "Z" else process


def children_of(parent: int) -> list[Process]:
    found = (find(int(path.name)) for path in Path("/proc").iterdir() if path.name.isdecimal())
    return [process for process in found if process and process.parent == parent]


def postmaster(data: Path | None = None) -> int:
    """Return PostgreSQL's first process, of the suite's own stack or of another data folder."""
    pid_file = (data or Path(os.environ["DOABLE_DATA"])) / "postgresql" / "postmaster.pid"
    return int(pid_file.read_text().partition("\n")[0])


def server_of_stack(program: str) -> int:
    """Return the one server of the stack whose command line has this word."""
    database = find(postmaster())
    assert database
    [server] = (
        pid for pid, *_ in children_of(database.parent) if program.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    return server


def app_workers() -> list[Process]:
    """Return the workers of the stack's granian, the oldest first."""
    return sorted(children_of(server_of_stack("granian")), key=lambda worker: worker.started)


def processes_with(variable: str) -> list[int]:
    """Return the processes that were started with this variable, such as all of one app server."""
    found = []
    for path in Path("/proc").iterdir():
        with suppress(OSError):
            if path.name.isdecimal() and variable.encode() in (path / "environ").read_bytes().split(b"\0"):
                found.append(int(path.name))
    return found


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """Let processes stand still in the middle of whatever they do."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)


@contextmanager
def frozen_postgresql() -> Iterator[None]:
    """Let PostgreSQL stand still in the middle of whatever it does, and go on at the end of the block."""
    server = postmaster()
    os.kill(server, signal.SIGSTOP)  # first, so that it starts no more
    frozen = [server]
    try:
        for child in children_of(server):
            os.kill(child.pid, signal.SIGSTOP)
            frozen.append(child.pid)
        yield
    finally:
        for pid in reversed(frozen):
            os.kill(pid, signal.SIGCONT)
