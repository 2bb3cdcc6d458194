"""One server: what there is to know about it, and how it is started, watched and stopped."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.child import describe_end, failure, spawn
from local.fault import Fault
from local.waiting import wait_until

START_DEADLINE = 60  # seconds
STOP_DEADLINE = 10  # seconds, after which a server is killed


@dataclass(frozen=True)
class Server:
    """What the supervisor needs to know. The stop signal asks for a fast and clean end."""

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]
    stop_signal: signal.Signals = signal.SIGTERM


class RunningServer:
    """A started server. Its output goes to the log; the log of the run before is kept beside it."""

    def __init__(self, server: Server, log: Path) -> None:
        self._server = server
        self._log = log
        if log.exists():
            log.replace(log.with_suffix(".before.log"))
        with log.open("ab") as output:
            self._process = spawn(
                server.command,
                server.environment,
                server.stop_signal,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the supervisor alone, which keeps the order. And Linux shares processors out to
                # sessions first, so that the thread which hashes passwords gives way to the app and not to all else.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_until_ready(self) -> None:
        late = f"{self._server.name} isn't ready after {START_DEADLINE} seconds; see {self._log}"
        wait_until(self._is_ready, START_DEADLINE, late)

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise self.failure()
        return self._server.is_ready()

    def failure(self) -> Fault:
        """Describe the end of this server with the last lines of its log."""
        return failure(f"{self._server.name} has ended ({describe_end(self._process.wait())})", self._log)

    def stop(self) -> None:
        """End the server and whatever it has started; return when all is gone."""
        self._process.send_signal(self._server.stop_signal)
        try:
            self._process.wait(STOP_DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._end_remains()

    def _end_remains(self) -> None:
        """End workers that a killed server has left in its group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
