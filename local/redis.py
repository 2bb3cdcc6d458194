"""Redis or Valkey on a Unix socket in the data folder, as a cache that keeps nothing on disk."""

import socket
from pathlib import Path
from urllib.parse import quote

from local.binaries import Binary
from local.environment import MINIMAL
from local.folder import Folder
from local.server import Server

CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
requirepass {password}
maxmemory 256mb
maxmemory-policy volatile-ttl
save ""
"""


def redis_url(folder: Folder, password: str) -> str:
    return f"unix://:{quote(password)}@{_socket(folder)}?db=0"


def server(folder: Folder, binary: Binary, password: str) -> Server:
    configuration = folder.subfolder("redis") / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(CONFIGURATION.format(socket=_socket(folder), password=password))
    return Server(
        name=binary.name,
        # The folder is an option and not a line of the file, because it may hold spaces and quotes.
        command=(binary.path, configuration, "--dir", configuration.parent),
        environment=MINIMAL,
        is_ready=lambda: _answers(_socket(folder)),
    )


def _socket(folder: Folder) -> Path:
    return folder.sockets / "redis.sock"


def _answers(path: Path) -> bool:
    """Ask without a password: the refusal says as well that the server is there and has read its data."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(64).startswith(b"-NOAUTH")
        except OSError:
            return False
