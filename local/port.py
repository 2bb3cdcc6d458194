"""Ports of this machine's loopback address."""

import socket

from local.fault import Fault


def claim(port: int) -> int:
    """Return the port where it is free, any free one for 0. Raise Fault where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Fault(
                f"port {port} is reserved for root, and the servers never run as root; use one from 1024 on"
            ) from None
        except OSError:
            raise Fault(
                f"port {port} is in use by another program; choose another one, for example PORT={port + 1}"
            ) from None
        return int(probe.getsockname()[1])
