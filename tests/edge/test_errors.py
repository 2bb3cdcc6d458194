"""The errors that nginx answers itself have the shape of the application's."""

import socket

import pytest

from tests.edge.conftest import Start
from tests.edge.gateway import Answer, Gateway

MEMBERS = {"type", "title", "status", "detail", "code", "errors", "request_id"}


def assert_problem(answer: Answer, status: int, code: str) -> None:
    assert answer.status == status
    assert answer.only("Content-Type") == "application/problem+json"
    assert answer.only("Cache-Control") == "no-store"
    assert answer.json.keys() == MEMBERS
    assert answer.json["type"] == f"urn:doable:problem:{code}"
    assert (answer.json["status"], answer.json["code"], answer.json["errors"]) == (status, code, [])
    assert answer.json["request_id"] == answer.only("X-Request-ID")


def test_what_is_not_http(edge: Gateway) -> None:
    assert_problem(edge.send(b"GET / HTTP/1.1\r\n\r\n"), 400, "bad_request")


def test_an_unknown_path(edge: Gateway) -> None:
    assert_problem(edge.ask("/nothing"), 404, "not_found")


def test_a_method_that_a_page_does_not_have(edge: Gateway) -> None:
    assert_problem(edge.ask("/", "POST"), 405, "method_not_allowed")


def test_trace(edge: Gateway) -> None:
    assert_problem(edge.ask("/api/todos/", "TRACE"), 405, "method_not_allowed")


def test_a_body_over_one_mebibyte(edge: Gateway) -> None:
    assert_problem(edge.ask("/api/todos/", "POST", b"x" * (1024 * 1024 + 1)), 413, "body_too_large")


def test_a_body_of_one_mebibyte_passes(edge: Gateway) -> None:
    assert edge.ask("/api/todos/", "POST", b"x" * (1024 * 1024)).status == 200


def test_an_address_over_8_kib(edge: Gateway) -> None:
    assert_problem(edge.ask("/" + "a" * 9000), 414, "uri_too_long")


def test_a_header_over_8_kib(edge: Gateway) -> None:
    assert_problem(edge.ask("/api/todos/", Cookie="a" * 9000), 431, "headers_too_large")


def test_an_unknown_transfer_encoding(edge: Gateway) -> None:
    answer = edge.send(b"POST /api/todos/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: br\r\n\r\n")

    assert_problem(answer, 501, "not_implemented")


def test_an_unknown_version_of_http(edge: Gateway) -> None:
    assert_problem(edge.send(b"GET / HTTP/3.0\r\nHost: localhost\r\n\r\n"), 505, "http_version_not_supported")


def test_too_many_requests(start: Start) -> None:
    edge = start()

    *_, last = [edge.ask("/auth/login/") for _ in range(5)]

    assert_problem(last, 429, "rate_limited")
    assert "12 s" in last.json["detail"]


def test_an_application_that_is_not_there(start: Start) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        answer = start(closed.getsockname()[1]).ask("/api/todos/")

    assert_problem(answer, 502, "bad_gateway")
    assert answer.only("Retry-After") == "1"


def test_an_application_that_hangs_up(edge: Gateway) -> None:
    assert_problem(edge.ask("/api/crash"), 502, "bad_gateway")


@pytest.mark.parametrize("status", [400, 404, 429, 500, 502, 503, 504])
def test_what_the_application_says_is_never_replaced(edge: Gateway, status: int) -> None:
    assert edge.ask(f"/api/status/{status}").json["path"] == f"/api/status/{status}"
