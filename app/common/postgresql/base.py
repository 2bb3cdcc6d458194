"""Django's PostgreSQL, with limited waits, measured statements and a health check without a round trip (ENGINE)."""

import logging
import select
import time
from collections.abc import Callable
from typing import Any

from django.db import Error
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from app.common.postgresql.standstill import LONGEST, LimitedConnection, connect
from app.ops import metrics
from app.ops.logging import request_id

log = logging.getLogger("doable.statements")

READY = (TransactionStatus.IDLE, TransactionStatus.INTRANS)
SLOW = 0.5  # seconds; from there on PostgreSQL logs a statement as well (docker-compose.yml)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that asks the server whether it is still there only where its socket gives a reason to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(measured)

    def get_new_connection(self, conn_params: dict[str, Any]) -> LimitedConnection:
        """Connect as Django does where neither a pool nor another isolation level is asked for."""
        metrics.connects.inc()
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return connect(conn_params)

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:  # noqa: FBT001 - Django's signature
        """Begin a transaction or, after its end, go on without one; neither inherits the patience of another."""
        super().set_autocommit(autocommit, *args, **kwargs)
        self.connection.longest = LONGEST

    def is_usable(self) -> bool:
        """Say whether the connection can be used.

        A server that has ended it, by a restart or a timeout, has said so, and what it said waits to be read. From one
        that is cut off nothing comes: neither this look nor a question of its own would tell that sooner than the next
        statement.
        """
        if self.connection.closed or self.connection.info.transaction_status not in READY:
            return False
        return not self._has_unread_words() or bool(super().is_usable())

    def _has_unread_words(self) -> bool:
        look = select.poll()
        look.register(self.connection.pgconn.socket, select.POLLIN)
        return bool(look.poll(0))


def measured(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001 - Django's signature
    """Run a statement, count how long it took, and log it where a request had to wait long, without its values."""
    started = time.perf_counter()
    try:
        return execute(named(sql, context), params, many, context)
    except Error as fault:
        metrics.statement_failures.labels(type(fault).__name__).inc()
        raise
    finally:
        seconds = time.perf_counter() - started
        metrics.count_statement(seconds)
        if seconds > SLOW and request_id.get():
            fields = {"statement": " ".join(str(sql).split()), "milliseconds": round(seconds * 1000)}
            log.warning("a slow statement", extra={"fields": fields})


def named(sql: Any, context: dict[str, Any]) -> Any:
    """Put the id of the request behind a statement, for PostgreSQL's own log.

    What is prepared keeps its text, because it is known by that: each id would make it another statement.
    """
    if getattr(context["cursor"].cursor, "prepare", False) is not False or not isinstance(sql, str):
        return sql
    request = request_id.get()
    return f"{sql} /* request {request} */" if request else sql
