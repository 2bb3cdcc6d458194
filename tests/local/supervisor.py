"""Starts supervisors as a person does, on folders of their own, and looks at their processes from outside."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.child import spawn
from local.choices import CLONE
from local.waiting import wait_until

START_DEADLINE = 120  # seconds
STOP_DEADLINE = 60  # seconds
LISTENING = "0A"  # the state in /proc/net/tcp
ENTRY = (sys.executable, "-m", "local")


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """Return a bare environment, without what the suite's own stack has set; one worker of the app starts sooner."""
    more = {"GRANIAN_WORKERS": "1", **more}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"DATA": str(data), "PORT": "0"} | more


def call(*arguments: str, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(  # noqa: S603 - our own command line
        [*ENTRY, *arguments],
        cwd=CLONE,
        env=surroundings(data, **more),
        capture_output=True,
        text=True,
        timeout=START_DEADLINE,
        check=False,
    )


@contextmanager
def executing(script: str, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield `python -m local exec` with a shell script; its output can be read."""
    command = [*ENTRY, "exec", "--", "sh", "-c", script]
    with heeding_hangups():
        process = spawn(command, surroundings(data), signal.SIGTERM, cwd=CLONE, stdout=subprocess.PIPE)
    with process:
        yield process


@contextmanager
def heeding_hangups() -> Iterator[None]:
    """Start programs as a terminal does, also where the suite runs under nohup, whose SIGHUP they would ignore too."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


class Supervisor:
    """A running `python -m local run`."""

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self._output = output

    def wait_until_up(self) -> None:
        wait_until(self._is_up, START_DEADLINE, "the supervisor isn't ready")

    def _is_up(self) -> bool:
        assert self.process.poll() is None, self.said
        return self.has_banner

    @property
    def has_banner(self) -> bool:
        return "Ctrl-C" in self.said

    @property
    def said(self) -> str:
        return self._output.read_text()

    @property
    def url(self) -> str:
        found = re.search(r"http://localhost:\d+", self.said)
        assert found, self.said
        return found[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_DEADLINE)

    def family(self) -> dict[int, str]:
        """Return the name of each process below the supervisor, by its number."""
        children: dict[int, list[tuple[int, str]]] = {}
        for pid, found in _statuses():
            children.setdefault(int(found["PPid"]), []).append((pid, found["Name"]))
        waiting, family = [self.process.pid], {}
        while waiting:
            for pid, name in children.get(waiting.pop(), []):
                family[pid] = name
                waiting.append(pid)
        return family


@contextmanager
def started(data: Path, clone: Path = CLONE, **more: str) -> Iterator[Supervisor]:
    """Yield a supervisor that has shown its banner and leave none behind."""
    with starting(data, clone, **more) as supervisor:
        supervisor.wait_until_up()
        yield supervisor


@contextmanager
def starting(data: Path, clone: Path = CLONE, **more: str) -> Iterator[Supervisor]:
    """Yield a supervisor at once, and leave none behind."""
    output = data.with_name(f"{data.name}.out")
    with output.open("wb") as file:
        options = {"stdout": file, "stderr": subprocess.STDOUT, "cwd": clone}
        process = spawn([*ENTRY, "run"], surroundings(data, **more), signal.SIGTERM, **options)
    try:
        yield Supervisor(process, output)
    finally:
        process.terminate()
        process.wait(STOP_DEADLINE)


def status(pid: int) -> dict[str, str]:
    """Return the fields of /proc/PID/status."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def sockets(pid: int) -> set[str]:
    """Return the inodes of the sockets that a process holds open."""
    opened = [str(descriptor.readlink()) for descriptor in Path(f"/proc/{pid}/fd").iterdir()]
    return {target[len("socket:[") : -1] for target in opened if target.startswith("socket:[")}


def listening_ports(inodes: set[str]) -> set[int]:
    """Return the TCP ports, of IPv4 and IPv6, on which one of these sockets listens."""
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path("/proc/net", name).read_text().splitlines()[1:]]
    return {int(fields[1].rpartition(":")[2], 16) for fields in lines if fields[3] == LISTENING and fields[9] in inodes}


def is_alive(pid: int) -> bool:
    try:
        return not status(pid)["State"].startswith("Z")
    except (FileNotFoundError, ProcessLookupError):
        return False


def _statuses() -> Iterator[tuple[int, dict[str, str]]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), status(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has ended meanwhile
