"""Django's PostgreSQL, whose health check costs no round trip (ENGINE)."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

READY = (TransactionStatus.IDLE, TransactionStatus.INTRANS)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that asks the server whether it is still there only where its socket gives a reason to."""

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
