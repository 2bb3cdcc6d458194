"""PostgreSQL and Redis of a stack that is brought up for the measurements."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, NamedTuple

from bench.data import connect
from bench.processes import Group, command_of, parents_by_pid
from local.binaries import Binary, find_nginx, find_postgresql, find_redis
from local.choices import Choices
from local.command import OwnStack
from local.folder import Folder
from local.postgresql import data_major

CHOSEN = ("PUBLIC_URL", "EMAIL_URL")  # what a stack takes from its surroundings, and has set for this process
# As an operator would set PostgreSQL for so much data; what it does now and then by itself would meet one stack alone.
SETTINGS: tuple[LiteralString, ...] = (
    "ALTER SYSTEM SET shared_buffers = '1GB'",
    "ALTER SYSTEM SET max_wal_size = '4GB'",
    "ALTER SYSTEM SET checkpoint_timeout = '1h'",
    "ALTER SYSTEM SET autovacuum = off",
)


class Stores(NamedTuple):
    """The programs that keep the data, as processes and as files."""

    groups: tuple[Group, Group]
    postgresql: Binary
    redis: Binary
    nginx: Binary

    @property
    def pgbench(self) -> Path:
        return self.postgresql.path.with_name("pgbench")


@contextmanager
def stores(choices: Choices) -> Iterator[Stores]:
    """Bring up a stack until the end of the block; its variables are those of this process then.

    Fresh data is not worth waiting for the disk, nor setting PostgreSQL for it.
    """
    if not choices.is_fresh:
        with own_stack(choices), connect() as connection:
            for setting in SETTINGS:
                connection.execute(setting)
    with own_stack(choices):
        postgresql = find_postgresql(choices.origins, data_major(Folder(choices.data)))
        groups = groups_of(choices.data)
        yield Stores(groups, postgresql, find_redis(choices.origins), find_nginx(choices.origins))


@contextmanager
def own_stack(choices: Choices) -> Iterator[None]:
    surroundings = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    stack = OwnStack(choices, surroundings)
    try:
        os.environ.update(stack.variables())
        yield
    finally:
        stack.stop()


def groups_of(data: Path) -> tuple[Group, Group]:
    """Find the programs from the number that PostgreSQL writes into its folder: the supervisor has started both."""
    postmaster = int((data / "postgresql" / "postmaster.pid").read_text().partition("\n")[0])
    parents = parents_by_pid()
    siblings = [pid for pid, parent in parents.items() if parent == parents[postmaster]]
    [redis] = [pid for pid in siblings if any(name in command_of(pid) for name in ("redis-server", "valkey-server"))]
    return Group("PostgreSQL", postmaster), Group("Redis", redis)
