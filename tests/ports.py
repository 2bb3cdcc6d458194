"""Ports of this machine that stay what a test takes them for."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_port() -> Iterator[int]:
    """Yield a port that no other program is given, where a server of the test may listen now and then.

    Until it does, nothing answers there. The kernel lends the port to whoever names it and sets SO_REUSEADDR, as
    servers do, and hands it to nobody who takes any.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])
