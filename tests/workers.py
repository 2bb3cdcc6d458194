"""Processes that do the periodic jobs, on a database of their own beside that of the stack."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from local.administration import superuser_url
from local.child import spawn
from local.waiting import wait_until
from tests.rows import ask_in, connect

START_DEADLINE = 60  # seconds
STOP_DEADLINE = 30  # seconds
HASTY = "tests.periodic_settings"

CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'doable'
"""

# What a process says of itself.
WORKS = "this process does the periodic jobs"
WAITS = "another process does the periodic jobs; this one waits"
LOST = "the database can't be used; trying again"


class Database:
    """A database in the stack's PostgreSQL."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"

    def ask(self, statement: LiteralString, *values: Any) -> Any:
        """Return the first value that a statement returns."""
        return ask_in(self.name, statement, values)

    def connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return connect(self.name)

    def admit(self, *, anyone: bool) -> None:
        """Let the service connect no more and cut its connections, as if PostgreSQL were gone; or let it in again."""
        with connect() as connection:
            connection.autocommit = True
            name = sql.Identifier(self.name)
            connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, anyone))
            if not anyone:
                connection.execute(CUT, [self.name])

    def prepare(self) -> None:
        """Make the tables of the service, and let the application in, as it is done at the start of a stack."""
        application = urlsplit(self.url)
        owner = urlsplit(superuser_url())._replace(path=application.path, query="assume_role=doable_owner")
        password = {"APP_DATABASE_PASSWORD": unquote(application.password or "")}
        assert self.manage("prepare_database", DATABASE_URL=owner.geturl(), **password).returncode == 0

    def manage(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own command line
            [sys.executable, "manage.py", *arguments],
            env=os.environ | {"DATABASE_URL": self.url} | changes,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def own_database() -> Iterator[Database]:
    """Yield a new database with the tables of the service."""
    database = Database(f"own_{uuid4().hex}")
    create(database, template=empty_database().name)
    try:
        yield database
    finally:
        with connect() as connection:
            connection.autocommit = True
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database.name)))


@cache
def empty_database() -> Database:
    """Return one with the tables of the service to copy, because a copy takes less time than all migrations."""
    database = Database(f"empty_{uuid4().hex}")
    create(database, template="template0")
    database.prepare()
    return database


def create(database: Database, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with connect() as connection:
        connection.autocommit = True
        connection.execute(statement.format(sql.Identifier(database.name), sql.Identifier(template)))


class Worker:
    """A running `manage.py run_jobs`."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def said(self, words: str) -> int:
        return sum(entry["message"] == words for entry in self.entries)

    @property
    def state(self) -> str:
        """Return what the process has last said of itself."""
        said = [str(entry["message"]) for entry in self.entries]
        return next(message for message in reversed(said) if message in (WORKS, WAITS, LOST))

    def wait_until_it_says(self, words: str, times: int = 1) -> None:
        wait_until(lambda: self.said(words) >= times, START_DEADLINE, f"{self._log} lacks: {words}")

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(STOP_DEADLINE)


@contextmanager
def worker(database: Database, log: Path, settings: str = HASTY, **changes: str) -> Iterator[Worker]:
    """Yield a process that offers to do the jobs of these settings, some variables changed; leave none behind."""
    environment = os.environ | {"DATABASE_URL": database.url, "DJANGO_SETTINGS_MODULE": settings} | changes
    with log.open("wb") as output:
        command = (sys.executable, "manage.py", "run_jobs")
        # A session of its own has its share of the processors, however many programs the tests run beside it.
        process = spawn(command, environment, signal.SIGKILL, stderr=output, start_new_session=True)
    try:
        yield Worker(process, log)
    finally:
        process.kill()
        process.wait()
