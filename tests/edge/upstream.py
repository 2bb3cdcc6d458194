"""A stand-in for the application that says what reached it, and answers as it is asked to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

# What Django could send besides nginx.
DUPLICATES = (
    "Strict-Transport-Security",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-XSS-Protection",
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "X-Request-ID",
)


class Echo(BaseHTTPRequestHandler):
    """Answers `/api/status/404` with 404, `/api/file` by X-Accel-Redirect, `/api/crash` by hanging up.

    It lets uploads in, or refuses them by the status that X-Admission asks for.
    """

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body, which saves the client 40 ms

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/api/crash":
            self.close_connection = True
            return
        if self.path == "/api/admission/":
            self._send(int(self.headers.get("X-Admission", 204)), {})
            return
        *_, last = self.path.rstrip("/").split("/")
        status = int(last) if last.isdigit() else 200
        self._send(status, {"path": self.path, "headers": self.headers.items()})

    do_GET = do_POST = answer  # noqa: N815 - the names that BaseHTTPRequestHandler looks for

    def _send(self, status: int, body: dict[str, Any]) -> None:
        encoded = b"" if status in (204, 304) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(encoded)))
        self.send_header("Cache-Control", "no-store")
        for name in DUPLICATES:
            self.send_header(name, "from the application")
        if self.path == "/api/file":
            self.send_header("X-Accel-Redirect", "/media/photo.png")
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def running() -> Iterator[int]:
    """Serve on a free port of this machine and yield it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
