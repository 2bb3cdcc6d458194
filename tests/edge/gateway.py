"""nginx with the project's own configuration in front of the stand-in, and a client that sees every header line."""

import http.client
import json
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.binaries import Binary
from local.nginx import write_configuration
from local.port import held
from local.waiting import wait_until
from tests.accounts.certificates import make_certificate

WEB = Path(__file__).parents[2] / "web"
# Started by root, the workers would not be root and could not enter the folder of the test.
DIRECTIVES = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    over_tls: bool = False

    def all(self, name: str) -> list[str]:
        """Return the value of each header line of this name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def only(self, name: str) -> str:
        """Return the value of the one header line of this name."""
        (value,) = self.all(name)
        return value

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Gateway:
    """One port of a running nginx; with a context, that of TLS, and `plain` is the other one."""

    port: int
    folder: Path
    context: ssl.SSLContext | None = None
    plain: "Gateway | None" = None
    source: str = "127.0.0.1"  # any other of 127.0.0.0/8 is another client

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Send a request on a connection of its own; `Accept_Encoding` stands for `Accept-Encoding`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.sock = self.connect()
        try:
            connection.request(method, path, body or None, {name.replace("_", "-"): headers[name] for name in headers})
            return self._read(connection.getresponse())
        finally:
            connection.close()

    def send(self, raw: bytes) -> Answer:
        """Send bytes that no client library would and read the answer."""
        with self.connect() as connection:
            connection.sendall(raw)
            response = http.client.HTTPResponse(connection)
            response.begin()
            return self._read(response)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), 10, (self.source, 0))
        return self.context.wrap_socket(connection, server_hostname="127.0.0.1") if self.context else connection

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        return Answer(response.status, response.getheaders(), response.read(), over_tls=self.context is not None)

    def log(self, length: int) -> list[dict[str, Any]]:
        """Return the log of requests once it has this length; a line is written after its answer was sent."""
        wait_until(lambda: len(self._log_lines()) >= length, 5, f"the log is shorter than {length} lines")
        return [json.loads(line) for line in self._log_lines()]

    def _log_lines(self) -> list[bytes]:
        """Return the complete lines; what is no object is a message of nginx itself."""
        lines = (self.folder / "log").read_bytes().splitlines(keepends=True)
        return [line for line in lines if line.startswith(b"{") and line.endswith(b"\n")]


def configure(folder: Path, nginx: Binary, port: int, app_port: int, **variables: str) -> tuple[str | Path, ...]:
    """Write the configuration and return the command that starts nginx with it."""
    prefix = folder / "nginx"
    write_configuration(prefix, _variables(folder, port, app_port) | variables)
    return (nginx.path, "-p", prefix, "-c", prefix / "nginx.conf", "-e", "stderr", "-g", DIRECTIVES)


def configure_tls(folder: Path, nginx: Binary, port: int, app_port: int, **variables: str) -> tuple[str | Path, ...]:
    """Do the same for PROFILE=tls, with a new certificate."""
    certificate = make_certificate(folder).path
    tls = {
        "PROFILE": "tls",
        "PUBLIC_URL": "https://todo.my-house.net",
        "NGINX_LISTEN_TLS": "127.0.0.1:8443",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(certificate.with_name("key.pem")),
        "ACME_ROOT": str(folder / "acme"),
    }
    return configure(folder, nginx, port, app_port, **tls | variables)


@contextmanager
def running(folder: Path, nginx: Binary, app_port: int, **variables: str) -> Iterator[Gateway]:
    """Start nginx in a folder and yield it; variables of the templates can be given."""
    with held() as port, _started(folder, port, configure(folder, nginx, port, app_port, **variables)):
        yield Gateway(port, folder)


@contextmanager
def running_with_tls(folder: Path, nginx: Binary, app_port: int, **variables: str) -> Iterator[Gateway]:
    """Start nginx with PROFILE=tls and a certificate of its own; yield the port of TLS."""
    with held() as port, held() as tls_port:
        listen = {"NGINX_LISTEN_TLS": f"127.0.0.1:{tls_port}"}
        command = configure_tls(folder, nginx, port, app_port, **listen | variables)
        context = ssl.create_default_context(cafile=folder / "certificate.pem")
        with _started(folder, port, command):
            yield Gateway(tls_port, folder, context, Gateway(port, folder))


@contextmanager
def _started(folder: Path, port: int, command: tuple[str | Path, ...]) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - the nginx that local/ has found
    try:
        wait_until(lambda: _accepts_connections(port), 10, f"nginx isn't ready; see {folder / 'log'}")
        yield
    finally:
        process.terminate()
        process.wait(10)


def _accepts_connections(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _variables(folder: Path, port: int, app_port: int) -> dict[str, str]:
    for name in ("static", "media", "acme"):
        (folder / name).mkdir()
    return {
        "PROFILE": "http-local",
        "NGINX_LISTEN": f"127.0.0.1:{port}",
        "APP_ADDRESS": f"127.0.0.1:{app_port}",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
        "WEB_ROOT": str(WEB),
        "RATE_LIMIT_EXEMPT": "",
        "OPERATOR_ADDRESSES": "127.0.0.1 ::1",
        "TRUSTED_PROXIES": "",
    }
