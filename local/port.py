"""Ports of this machine's loopback address."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from local.fault import Fault


@contextmanager
def held(port: int = 0) -> Iterator[int]:
    """Yield the port, any free one for 0, where one of our servers may listen. Raise Fault where it is taken.

    Until a server listens, nothing answers there. The kernel lends the port to whoever names it and sets SO_REUSEADDR,
    as servers do, and gives it to nobody who takes any: several starts at once that take any never get the same one.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _bind(holder, port)
        yield int(holder.getsockname()[1])


def _bind(holder: socket.socket, port: int) -> None:
    try:
        holder.bind(("127.0.0.1", port))
    except PermissionError:
        raise Fault(
            f"port {port} is reserved for root, and the servers never run as root; use one from 1024 on"
        ) from None
    except OSError:
        raise Fault(
            f"port {port} is in use by another program; choose another one, for example PORT={port + 1}"
        ) from None
