"""The processes of the stack, found from the number that PostgreSQL writes into its data folder."""

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # a second
PARENT, USER_TICKS, SYSTEM_TICKS, STARTED = 1, 11, 12, 19  # of /proc/PID/stat, counted from behind the name


def postmaster() -> int:
    pid_file = Path(os.environ["DOABLE_DATA"]) / "postgresql" / "postmaster.pid"
    return int(pid_file.read_text().partition("\n")[0])


def app_workers() -> list[int]:
    """Return the workers of the stack's granian, the oldest first."""
    supervisor = stat_of(postmaster())[PARENT]
    [granian] = (pid for pid in children_of(supervisor) if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return sorted(children_of(granian), key=lambda pid: stat_of(pid)[STARTED])


def children_of(parent: int) -> list[int]:
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [pid for pid in pids if is_child(pid, parent)]


def is_child(pid: int, parent: int) -> bool:
    try:
        return stat_of(pid)[PARENT] == parent
    except OSError:  # it has ended since we listed it
        return False


def stat_of(pid: int) -> list[int]:
    """Return the numbers of a process; its state, a letter, stands as 0 in the first place."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return [0, *map(int, fields[1:])]


def age_of(pid: int) -> float:
    """Return for how many seconds a process has been running."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) - stat_of(pid)[STARTED] / TICKS


def processor_seconds(pids: list[int]) -> float:
    """Return how long processes have kept a processor busy, which is no longer where they had to wait for it."""
    return sum(stat_of(pid)[USER_TICKS] + stat_of(pid)[SYSTEM_TICKS] for pid in pids) / TICKS


def memory_of(pid: int) -> float:
    """Return how many MiB of a process lie in memory."""
    [kib] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(kib) / 1024


@contextmanager
def frozen_postgresql() -> Iterator[None]:
    """Let PostgreSQL stand still in the middle of whatever it does, and go on at the end of the block."""
    server = postmaster()
    os.kill(server, signal.SIGSTOP)  # first, so that it starts no more
    frozen = children_of(server)
    try:
        for pid in frozen:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in (*frozen, server):
            os.kill(pid, signal.SIGCONT)
