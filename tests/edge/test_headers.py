"""The security headers, each exactly once, whatever happens."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.edge.conftest import Start
from tests.edge.gateway import Answer, Gateway

EXPECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_THE_APPLICATION = [
    *(200, 201, 204, 206, 301, 302, 304),
    *(400, 401, 403, 404, 405, 409, 412, 413, 415, 416, 422, 428, 429),
    *(500, 502, 503, 504, 507),
]
OF_NGINX = {
    "/": 200,
    "/style.css": 200,
    "/api.js": 200,
    "/icon.svg": 200,
    "/docs": 301,
    "/nothing": 404,
    "/static/nothing.css": 404,
    "/media/photo.png": 404,
    "/api/crash": 502,
    "/" + "a" * 9000: 414,
}
REFUSED_BY_NGINX = {
    400: b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    405: b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
    412: b'GET / HTTP/1.1\r\nHost: localhost\r\nIf-Match: "other"\r\n\r\n',
    431: b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a" * 9000 + b"\r\n\r\n",
    501: b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: br\r\n\r\n",
    505: b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n",
}
OF_A_FILE = {
    200: {},
    206: {"Range": "bytes=1-2"},
    304: {"If_Modified_Since": "Thu, 01 Jan 1970 00:00:01 GMT"},
    416: {"Range": "bytes=9-"},
}
UPLOADS = "/api/todos/1/attachments/"

ONLY_OVER_TLS = "max-age=63072000; includeSubDomains"


@pytest.fixture(params=["http-local", "tls"])
def edge(request: pytest.FixtureRequest, edge: Gateway, tls_edge: Gateway) -> Gateway:
    """Return nginx under either profile."""
    return {"http-local": edge, "tls": tls_edge}[request.param]


def assert_every_header_once(answer: Answer) -> None:
    assert {name: answer.all(name) for name in EXPECTED} == {name: [value] for name, value in EXPECTED.items()}
    is_page = "".join(answer.all("Content-Type")).startswith("text/html")
    assert answer.only("X-XSS-Protection") == ("0" if is_page else "1; mode=block")
    assert answer.all("Strict-Transport-Security") == ([ONLY_OVER_TLS] if answer.over_tls else [])
    policy = answer.only("Content-Security-Policy").split("; ")
    assert policy[0] == "default-src 'none'"
    assert policy.count("upgrade-insecure-requests") == answer.over_tls
    assert answer.only("Permissions-Policy").startswith("camera=()")
    assert len(answer.only("X-Request-ID")) == 32
    assert len(answer.all("Cache-Control")) == 1
    assert answer.only("Server") == "nginx"


@pytest.mark.parametrize("status", OF_THE_APPLICATION)
def test_on_every_answer_of_the_application(edge: Gateway, status: int) -> None:
    answer = edge.ask(f"/api/status/{status}")

    assert answer.status == status
    assert_every_header_once(answer)


@pytest.mark.parametrize(("path", "status"), OF_NGINX.items(), ids=map(str, OF_NGINX.values()))
def test_on_every_answer_of_nginx_itself(edge: Gateway, path: str, status: int) -> None:
    answer = edge.ask(path)

    assert answer.status == status
    assert_every_header_once(answer)


def test_on_a_body_that_is_too_large(edge: Gateway) -> None:
    answer = edge.ask("/api/todos/", "POST", b"x" * (1024 * 1024 + 1))

    assert answer.status == 413
    assert_every_header_once(answer)


@pytest.mark.parametrize("status", REFUSED_BY_NGINX)
def test_on_what_nginx_refuses_for_its_form(edge: Gateway, status: int) -> None:
    answer = edge.send(REFUSED_BY_NGINX[status])

    assert answer.status == status
    assert_every_header_once(answer)


@pytest.mark.parametrize("status", OF_A_FILE)
def test_on_an_attachment_that_nginx_sends(edge: Gateway, status: int) -> None:
    photo = edge.folder / "media" / "photo.png"
    photo.write_bytes(b"png")
    os.utime(photo, (1, 1))

    answer = edge.ask("/api/file", "GET", b"", **OF_A_FILE[status])

    assert answer.status == status
    assert_every_header_once(answer)


@pytest.mark.parametrize("status", [400, 401, 403, 502, 503, 504])
def test_on_an_upload_that_is_refused_by_its_head(edge: Gateway, status: int) -> None:
    answer = edge.ask(UPLOADS, "POST", b"png", X_Admission=str(status))

    assert answer.status == status
    assert_every_header_once(answer)


def test_on_what_an_address_may_not_see_or_not_so_often(start: Start) -> None:
    edge = start(OPERATOR_ADDRESSES="10.0.0.1 127.0.0.11")

    answers = [edge.ask("/metrics"), *(edge.ask("/auth/login/") for _ in range(5))]

    assert (answers[0].status, answers[-1].status) == (403, 429)
    for answer in answers:
        assert_every_header_once(answer)


@pytest.fixture
def mute_port() -> Iterator[int]:
    """Yield a port on which nobody takes connections and which has room for no more of them."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(8):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield server.getsockname()[1]


def test_on_the_silence_of_the_application(start: Start, mute_port: int) -> None:
    answer = start(mute_port).ask("/api/todos/")

    assert answer.status == 504
    assert answer.only("Retry-After") == "1"
    assert_every_header_once(answer)


def test_on_a_page_that_has_not_changed(edge: Gateway) -> None:
    answer = edge.ask("/", If_None_Match=edge.ask("/").only("ETag"))

    assert answer.status == 304
    assert_every_header_once(answer)


@pytest.mark.parametrize("path", ["/", "/api/docs/", "/api/redoc/"])
def test_only_the_pages_may_run_scripts_and_only_their_own(edge: Gateway, path: str) -> None:
    assert "script-src 'self';" in edge.ask(path).only("Content-Security-Policy")
    assert "script-src" not in edge.ask("/api/todos/").only("Content-Security-Policy")
