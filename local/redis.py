"""Redis or Valkey on a Unix socket in the data folder, as a cache that keeps nothing on disk."""

import hashlib
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from local.binaries import Binary
from local.choices import CLONE
from local.environment import MINIMAL
from local.folder import Folder
from local.server import Server

CONFIGURATION = """\
port 0
unixsocket {socket}
unixsocketperm 700
maxmemory 256mb
maxmemory-policy volatile-ttl
save ""
"""


def redis_url(folder: Folder, password: str) -> str:
    return f"unix://doable:{quote(password)}@{_socket(folder)}?db=0"


def server(folder: Folder, binary: Binary, password: str) -> Server:
    own = folder.subfolder("redis")
    configuration, acl = own / "redis.conf", own / "users.acl"
    configuration.write_text(CONFIGURATION.format(socket=_socket(folder)))
    acl.touch(mode=0o600)
    acl.write_text(users(password))
    return Server(
        name=binary.name,
        # Paths are options and not lines of the file, because they may hold spaces and quotes.
        command=(binary.path, configuration, "--dir", own, "--aclfile", acl),
        environment=MINIMAL,
        is_ready=lambda: _answers(_socket(folder)),
    )


def users(password: str) -> str:
    """Return the users of Redis as in the container, the application with this password, and nobody else let in."""
    environment = {**MINIMAL, "APPLICATION": hashlib.sha256(password.encode()).hexdigest()}
    script = ("sh", CLONE / "redis" / "users.sh")
    return subprocess.run(script, env=environment, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours


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
