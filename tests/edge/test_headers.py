"""The security headers, each exactly once, whatever happens."""

import pytest

from tests.edge.gateway import Answer, Gateway

EXPECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-XSS-Protection": "1; mode=block",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_THE_APPLICATION = [200, 201, 204, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 502, 503, 504]
OF_NGINX = {
    "/": 200,
    "/style.css": 200,
    "/nothing": 404,
    "/static/nothing.css": 404,
    "/media/photo.png": 404,
    "/api/crash": 502,
    "/" + "a" * 9000: 414,
}


def assert_every_header_once(answer: Answer) -> None:
    assert {name: answer.all(name) for name in EXPECTED} == {name: [value] for name, value in EXPECTED.items()}
    assert answer.only("Content-Security-Policy").startswith("default-src 'none'; ")
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


def test_on_what_is_not_http(edge: Gateway) -> None:
    answer = edge.send(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")

    assert answer.status == 400
    assert_every_header_once(answer)


def test_on_a_page_that_has_not_changed(edge: Gateway) -> None:
    answer = edge.ask("/", If_None_Match=edge.ask("/").only("ETag"))

    assert answer.status == 304
    assert_every_header_once(answer)


@pytest.mark.parametrize("path", ["/", "/api/docs/", "/api/redoc/"])
def test_only_the_pages_may_run_scripts_and_only_their_own(edge: Gateway, path: str) -> None:
    assert "script-src 'self';" in edge.ask(path).only("Content-Security-Policy")
    assert "script-src" not in edge.ask("/api/todos/").only("Content-Security-Policy")
