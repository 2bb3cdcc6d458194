"""What programs cost: processor time and memory, as the kernel counts them."""

import os
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROCESSORS = os.cpu_count() or 1
TICKS = os.sysconf("SC_CLK_TCK")  # a second
LOOK, IDLE_DEADLINE = 0.05, 5  # seconds
Usage = dict[int, int]  # nanoseconds on a processor by thread


class Group(NamedTuple):
    """A program with all that it has started."""

    name: str
    first: int

    @property
    def pids(self) -> list[int]:
        found, parents = [self.first], parents_by_pid()
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def usage(self) -> Usage:
        """Return what its threads have used; ticks of the clock are too coarse for what a second costs."""
        return {thread: used for pid in self.pids for thread, used in threads_of(pid)}

    def megabytes(self) -> list[float]:
        """Return the memory of each process, the first one first; what several share is divided among them."""
        return [megabytes_of(pid) for pid in self.pids]


def seconds_between(before: Usage, after: Usage) -> float:
    """Return what was used by the threads that are still there."""
    return sum(used - before.get(thread, 0) for thread, used in after.items()) / 1e9


class Meter:
    """What programs use from the moment it is made."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._usages = {group: group.usage() for group in groups}
        self._machine, self._own, self._started = machine_seconds(), own_seconds(), time.monotonic()

    def read(self) -> tuple[dict[str, float], float]:
        """Return the seconds of a processor that each has used, and the share of the processors that others had."""
        used = {group.name: seconds_between(before, group.usage()) for group, before in self._usages.items()}
        others = machine_seconds() - self._machine - (own_seconds() - self._own) - sum(used.values())
        return used, max(0, others / (PROCESSORS * (time.monotonic() - self._started)))


def wait_until_idle(group: Group) -> None:
    """Return when a program has come to the end of what nobody waits for any more."""
    deadline = time.monotonic() + IDLE_DEADLINE
    while time.monotonic() < deadline:
        before = group.usage()
        time.sleep(LOOK)
        if seconds_between(before, group.usage()) < LOOK / 100:
            return


def parents_by_pid() -> dict[int, int]:
    found = {}
    for path in Path("/proc").iterdir():
        with suppress(OSError):
            if path.name.isdecimal():
                found[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
    return found


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def threads_of(pid: int) -> list[tuple[int, int]]:
    found = []
    with suppress(OSError):  # of what has just ended
        for thread in Path(f"/proc/{pid}/task").iterdir():
            used = (thread / "schedstat").read_text().split()[0]
            found.append((int(thread.name), int(used)))
    return found


def megabytes_of(pid: int) -> float:
    [kib] = re.findall(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(kib) / 1024


def machine_seconds() -> float:
    """Return how long the processors were busy, for whomever, or taken away by other machines."""
    numbers = Path("/proc/stat").read_text().partition("\n")[0].split()[1:9]
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, numbers)
    return (user + nice + system + irq + softirq + steal) / TICKS


def own_seconds() -> float:
    """Return how long this process, and those it has waited for, have kept a processor busy."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
