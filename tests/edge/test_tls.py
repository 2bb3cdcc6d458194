"""PROFILE=tls: nginx speaks TLS itself, and its plain port only leads there."""

import ssl

import pytest

from tests.edge.gateway import Gateway
from tests.edge.test_headers import assert_every_header_once

PUBLIC_URL = "https://todo.my-house.net"


@pytest.fixture
def plain(tls_edge: Gateway) -> Gateway:
    assert tls_edge.plain
    return tls_edge.plain


def test_the_application_learns_that_it_was_asked_by_https(tls_edge: Gateway) -> None:
    assert dict(tls_edge.ask("/api/todos/").json["headers"])["X-Forwarded-Proto"] == "https"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_versions_of_tls_that_are_safe_are_spoken(tls_edge: Gateway, version: ssl.TLSVersion) -> None:
    assert tls_edge.context
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=tls_edge.context.get_ca_certs(binary_form=True)[0])
    context.minimum_version = context.maximum_version = version

    assert Gateway(tls_edge.port, tls_edge.folder, context).ask("/").status == 200


@pytest.mark.parametrize("path", ["/", "/api/todos/?status=todo", "/auth/login/", "/nothing"])
def test_who_comes_by_http_is_sent_to_the_configured_address(plain: Gateway, path: str) -> None:
    answer = plain.ask(path, Host="evil.example")

    assert (answer.status, answer.only("Location")) == (308, PUBLIC_URL + path)
    assert_every_header_once(answer)


def test_a_body_that_comes_by_http_reaches_nobody(plain: Gateway) -> None:
    assert plain.ask("/auth/login/", "POST", b"{}", X_Forwarded_Proto="https").status == 308


def test_an_authority_finds_its_challenge_by_http(plain: Gateway) -> None:
    challenges = plain.folder / "acme" / ".well-known" / "acme-challenge"
    challenges.mkdir(parents=True, exist_ok=True)
    (challenges / "token").write_text("proof")

    assert plain.ask("/.well-known/acme-challenge/token").body == b"proof"
    assert plain.ask("/.well-known/acme-challenge/other").status == 404
    assert plain.ask("/.well-known/acme-challenge/../../api/todos/").status == 308


def test_what_is_not_http_is_refused_on_the_plain_port_too(plain: Gateway) -> None:
    answer = plain.send(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n")

    assert (answer.status, answer.json["code"]) == (400, "bad_request")
    assert_every_header_once(answer)


def test_plain_http_on_the_port_of_tls_is_a_problem_like_any_other(tls_edge: Gateway) -> None:
    answer = Gateway(tls_edge.port, tls_edge.folder).ask("/")

    assert (answer.status, answer.json["status"], answer.json["code"]) == (400, 400, "bad_request")
    assert_every_header_once(answer)
