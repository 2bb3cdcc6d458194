"""Django's PostgreSQL (ENGINE): waits have limits, statements are measured, and those asked often go a shorter way.

A health check costs no round trip of its own, and BEGIN none either: it goes with the first statement.
"""

import logging
import select
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import Error, NotSupportedError
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from app.common.postgresql.prepared import Answer, Params, PreparedStatements
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
        self._is_begin_due = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> LimitedConnection:
        """Connect as Django does where neither a pool nor another isolation level is asked for."""
        metrics.connects.inc()
        self.isolation_level = IsolationLevel.READ_COMMITTED
        connection = connect(conn_params)
        self._prepared, self._is_begin_due = PreparedStatements(connection), False
        return connection

    def ask(self, sql: str, params: Params, *, is_planned_anew: bool = False) -> Answer:
        """Run a statement without a cursor. It raises Django's errors, and passes whatever wraps its statements."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_no_broken_transaction()
        run: Callable[..., Any] = partial(self._ask, is_planned_anew=is_planned_anew)
        for wrapper in reversed(self.execute_wrappers):
            run = partial(wrapper, run)
        context = {"connection": self, "cursor": None, "is_prepared": not is_planned_anew}
        answer: Answer = run(sql, params, False, context)
        return answer

    def _ask(self, sql: str, params: Params, *_: Any, is_planned_anew: bool) -> Answer:
        with self.wrap_database_errors:
            send = (self._prepared.by_text if is_planned_anew else self._prepared.by_name)(sql, params)
            if not self._is_begin_due:
                return self._prepared.ask(send)
            try:
                return self._prepared.begin_and_ask(send)
            finally:  # who is interrupted before anything was sent still has to begin
                self._is_begin_due = self.connection.info.transaction_status == TransactionStatus.IDLE

    # --- transactions -----------------------------------------------------------------------------
    # psycopg stays in autocommit, where it sends nothing by itself.

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:  # noqa: FBT001 - Django's signature
        """Begin a transaction or, after its end, go on without one; neither inherits the patience of another."""
        if self.connection is not None:
            self.connection.longest = LONGEST
        super().set_autocommit(autocommit, *args, **kwargs)

    def _start_transaction_under_autocommit(self) -> None:
        self._is_begin_due = True

    def begin(self) -> None:
        """Send the BEGIN that is due, because what comes next does not go by ``ask``."""
        if self._is_begin_due:
            self._is_begin_due = False
            with self.wrap_database_errors:
                self._prepared.command(b"BEGIN")

    def create_cursor(self, name: str | None = None) -> Any:
        self.begin()
        return super().create_cursor(name)

    def _commit(self) -> None:
        if self._is_begin_due:
            self._is_begin_due = False
        elif self.connection is not None:
            with self.wrap_database_errors:
                self._prepared.command(b"COMMIT")

    def _rollback(self) -> None:
        self._is_begin_due = False
        super()._rollback()  # type: ignore[misc]  # which the stubs leave out

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 - Django's signature
        if not autocommit:
            raise NotSupportedError("transactions begin by atomic alone")
        if autocommit != self.connection.autocommit:
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # as above

    # --- health -----------------------------------------------------------------------------------

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
    if context["cursor"]:
        context["connection"].begin()  # the cursor may be older than the transaction
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
    request = request_id.get()
    if not request or context.get("is_prepared") or not isinstance(sql, str):
        return sql
    return f"{sql} /* request {request} */"
