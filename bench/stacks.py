"""What is compared: Doable and the same calls written in other ways, each with its server."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from bench.processes import Group
from local.app import DEFAULTS, GRANIAN
from local.port import held
from local.server import RunningServer, Server

STRANGER = (401, 403)  # what is answered to nobody
WORKERS = os.environ.get("GRANIAN_WORKERS") or DEFAULTS["GRANIAN_WORKERS"]
BIN = Path(sys.executable).parent
GRANIAN_WSGI = (str(GRANIAN), "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}")


class Stack(NamedTuple):
    """An application and the command that serves it on a port."""

    name: str
    title: str
    command: tuple[str, ...]
    packages: tuple[str, ...] = ()  # that `make bench` installs

    @property
    def is_installed(self) -> bool:
        return all(importlib.util.find_spec(package) for package in self.packages)


def gunicorn(worker_class: str, workers: int, threads: int = 1) -> tuple[str, ...]:
    """Return the command for plain DRF under these settings."""
    return (
        str(BIN / "gunicorn"),
        "--bind=127.0.0.1:{port}",
        f"--worker-class={worker_class}",
        f"--workers={workers}",
        f"--threads={threads}",
        "bench.baselines.drf.wsgi:application",
    )


UVICORN = (
    str(BIN / "uvicorn"),
    "--port={port}",
    f"--workers={WORKERS}",
    "--loop=uvloop",
    "--http=httptools",
    "--no-access-log",
    "bench.baselines.fastapi.app:app",
)
DOABLE = Stack("doable", "Doable", (*GRANIAN_WSGI, "app.config.wsgi:application"))
DRF = Stack("drf", "plain DRF", gunicorn("sync", int(WORKERS)), ("gunicorn",))
NINJA = Stack("ninja", "django-ninja", (*GRANIAN_WSGI, "bench.baselines.ninja.wsgi:application"), ("ninja",))
FASTAPI = Stack("fastapi", "FastAPI", UVICORN, ("fastapi", "uvicorn", "uvloop", "httptools", "asyncpg"))
LIMIT = Stack("limit", "bare WSGI", (*GRANIAN_WSGI, "bench.baselines.wsgi.app:application"))
STACKS = (DOABLE, DRF, NINJA, FASTAPI, LIMIT)


class Door(NamedTuple):
    """Where requests go in, the programs that work on them, and the folder of files that are sent as they are."""

    port: int
    groups: tuple[Group, ...]
    files: Path | None = None


@contextmanager
def served(stack: Stack, log: Path, stores: tuple[Group, ...] = ()) -> Iterator[Door]:
    """Run a stack, which works with these stores, on a free port until the end of the block."""
    with held() as port, running(server_of(stack, port), log) as pid:
        yield Door(port, (Group("app", pid), *stores))


def server_of(stack: Stack, port: int) -> Server:
    return Server(
        name=stack.title,
        command=[part.replace("{port}", str(port)) for part in stack.command],
        environment={**DEFAULTS, **os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        is_ready=lambda: answers(port),
    )


@contextmanager
def running(server: Server, log: Path) -> Iterator[int]:
    """Run a server until the end of the block; yield its number."""
    started = RunningServer(server, log)
    try:
        started.wait_until_ready()
        yield started.pid
    finally:
        started.stop()


def answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/lists/")
        return connection.getresponse().status in STRANGER
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
