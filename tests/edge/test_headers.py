"""The security headers, each exactly once, whatever happens."""

import pytest

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
    "/nothing": 404,
    "/static/nothing.css": 404,
    "/media/photo.png": 404,
    "/api/crash": 502,
    "/" + "a" * 9000: 414,
}


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
