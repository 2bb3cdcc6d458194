"""A connection of each thread to PostgreSQL, and one to Redis."""

import os
import socket
import threading
from typing import Any
from urllib.parse import unquote, urlsplit

import hiredis
import psycopg

from bench.addresses import database_options

Rows = list[tuple[Any, ...]]
CHUNK = 65536
mine = threading.local()


def fetch(statement: str, *values: Any) -> Rows:
    """Return the rows of a prepared statement, which is a transaction of its own."""
    if not hasattr(mine, "postgresql"):
        mine.postgresql = connect()
    return mine.postgresql.execute(statement, values, prepare=True, binary=True).fetchall()  # type: ignore[no-any-return]  # of a local


def connect() -> psycopg.Connection[tuple[Any, ...]]:
    settings = "-c jit=off -c max_parallel_workers_per_gather=0"  # as Doable has it
    return psycopg.connect(**database_options(), autocommit=True, options=settings, cursor_factory=psycopg.RawCursor)


def ask(*words: bytes) -> Any:
    """Return what Redis answers to one command."""
    if not hasattr(mine, "redis"):
        mine.redis = Redis(os.environ["REDIS_URL"])
    return mine.redis.ask(*words)


class Redis:
    """A connection to the socket of an address, and nothing else."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(address.path)
        self._reader = hiredis.Reader()
        self.ask(b"AUTH", *(unquote(word or "").encode() for word in (address.username, address.password)))

    def ask(self, *words: bytes) -> Any:
        self._socket.sendall(hiredis.pack_command(words))  # type: ignore[arg-type]  # its stub knows one word
        while (answer := self._reader.gets()) is False:
            self._reader.feed(self._socket.recv(CHUNK))
        return answer
