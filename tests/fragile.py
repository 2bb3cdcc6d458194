"""An app server of a test's own behind an nginx of its own, to be killed."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.app import GRANIAN
from local.binaries import find_nginx
from local.child import spawn
from local.choices import ORIGINS
from local.port import held
from local.waiting import wait_until
from tests.edge import gateway
from tests.processes import children_of
from tests.servers import START_DEADLINE

WORKERS = 2


class FragileApp:
    """A granian with two workers, on the stack's PostgreSQL and, unless changed, its Redis."""

    def __init__(self, port: int, log: Path, changes: dict[str, str]) -> None:
        self.port, self._log, self._changes = port, log, changes
        self.start()

    def start(self) -> None:
        server = {"GRANIAN_HOST": "127.0.0.1", "GRANIAN_PORT": str(self.port), "GRANIAN_WORKERS": str(WORKERS)}
        more = {"GRANIAN_BLOCKING_THREADS": "4", "GRANIAN_RESPAWN_FAILED_WORKERS": "true"}
        command = (GRANIAN, "--interface", "wsgi", "app.config.wsgi:application")
        with self._log.open("ab") as log:
            options = {"stdout": log, "stderr": subprocess.STDOUT, "start_new_session": True}
            self._process = spawn(command, os.environ | server | more | self._changes, signal.SIGTERM, **options)

    def wait_until_started(self) -> None:
        """Wait for all workers: on a busy machine, hashing a password gives way to one that starts for too long."""
        wait_until(self._has_all_workers, START_DEADLINE, f"no app; see {self._log}")

    def _has_all_workers(self) -> bool:
        return self._log.read_text().count("Started worker") >= WORKERS

    def kill_a_worker(self) -> None:
        """Kill the worker that is the older one: granian gives up where one that it has just replaced ends."""
        workers = sorted(children_of(self._process.pid), key=lambda worker: worker.started)
        os.kill(workers[0].pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill the server with its workers."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill_something(self) -> None:
        """Kill a worker, which granian replaces, or all there is, which is started again."""
        if random.random() < 0.75 and len(children_of(self._process.pid)) == WORKERS:
            self.kill_a_worker()
        else:
            self.kill()
            self.start()


@contextmanager
def fragile_app(folder: Path, **changes: str) -> Iterator[tuple[FragileApp, str]]:
    """Yield a running app, with some variables changed, and the address of the nginx before it."""
    with held() as port:
        app = FragileApp(port, folder / "app.log", changes)
        try:
            app.wait_until_started()
            with gateway.running(folder, find_nginx(ORIGINS), port, RATE_LIMIT_EXEMPT="127.0.0.1") as edge:
                yield app, f"http://127.0.0.1:{edge.port}"
        finally:
            app.kill()
