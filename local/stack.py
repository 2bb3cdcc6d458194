"""The order of things: what is started after what, and stopped before what."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from local import app, handover, jobs, kernel, nginx, postgresql, redis
from local.account import give_up_root
from local.binaries import Binary, find_nginx, find_postgresql, find_redis
from local.choices import Choices
from local.credentials import Credentials
from local.environment import Addresses, app_variables, nginx_variables
from local.folder import Folder
from local.port import held
from local.server import RunningServer, Server


@dataclass(frozen=True)
class Binaries:
    """The programs of one run."""

    postgresql: Binary
    redis: Binary
    nginx: Binary

    @classmethod
    def find(cls, choices: Choices, folder: Folder) -> "Binaries":
        major = postgresql.data_major(folder)
        return cls(find_postgresql(choices.origins, major), find_redis(choices.origins), find_nginx(choices.origins))


class Stack:
    """The servers of one data folder, started by `running` and stopped in the opposite order."""

    def __init__(
        self, folder: Folder, binaries: Binaries, addresses: Addresses, credentials: Credentials, *, is_fresh: bool
    ) -> None:
        self.folder = folder
        self.binaries = binaries
        self.addresses = addresses
        self._credentials = credentials
        self._is_fresh = is_fresh
        self.variables = app_variables(folder, addresses, credentials.secret_key)
        self._started: list[RunningServer] = []

    def start(self, exits: ExitStack) -> None:
        """Return when a request through nginx finds everything ready."""
        folder, binaries = self.folder, self.binaries
        credentials, is_fresh = self._credentials, self._is_fresh
        postgresql.prepare(folder, binaries.postgresql, credentials.superuser_password, is_fresh=is_fresh)
        self._start(exits, postgresql.server(folder, binaries.postgresql, is_fresh=is_fresh))
        self._start(exits, redis.server(folder, binaries.redis, credentials.redis_password))
        app.prepare(folder, self.variables, postgresql.preparing_variables(folder, credentials))
        self._start(exits, app.server(self.variables, self.addresses.app))
        self._start(exits, jobs.server(folder, self.variables))
        nginx.prepare(folder, binaries.nginx, nginx_variables(folder, self.addresses))
        address = self.variables["PUBLIC_URL"]
        self._start(exits, nginx.server(folder, binaries.nginx, self.addresses.port, address))

    def _start(self, exits: ExitStack, server: Server) -> None:
        log = self.folder.subfolder("logs") / f"{server.name.lower()}.log"
        running = RunningServer(server, log)
        exits.callback(running.stop)
        self._started.append(running)
        running.wait_until_ready()

    def wait(self) -> None:
        """Wait until a server ends, which none should. Raise Fault with the end of its log."""
        while True:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
            for running in self._started:
                if ended and running.pid == ended.si_pid:
                    raise running.failure()
            if ended:
                os.waitpid(ended.si_pid, 0)  # a stranger's orphan, where we are process 1 of a container


@contextmanager
def running(choices: Choices, parent: int | None) -> Iterator[Stack]:
    """Yield the ready stack of the data folder and stop it at the end, whatever happened.

    With a parent, the supervisor is told to stop when that process ends.
    """
    app.refuse_without_packages()
    folder = Folder(choices.data)
    folder.claim()
    binaries = Binaries.find(choices, folder)
    give_up_root(folder.root, (binaries.postgresql.path, binaries.redis.path, binaries.nginx.path))
    if parent:
        kernel.end_with_parent(parent, signal.SIGTERM)
    with folder.held(), ExitStack() as exits:
        exits.enter_context(folder.reachable())
        credentials = handover.credentials(folder, binaries.postgresql)
        port = exits.enter_context(held(choices.port))
        addresses = _addresses(port, folder, credentials)
        stack = Stack(folder, binaries, addresses, credentials, is_fresh=choices.is_fresh)
        stack.start(exits)
        exits.enter_context(folder.published(stack.variables))
        yield stack


def _addresses(port: int, folder: Folder, credentials: Credentials) -> Addresses:
    return Addresses(
        database=postgresql.database_url(folder, "doable", credentials.database_password),
        redis=redis.redis_url(folder, credentials.redis_password),
        app=app.socket_path(folder),
        port=port,
    )
