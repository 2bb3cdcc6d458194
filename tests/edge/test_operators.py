"""What only the addresses of operators may see."""

import pytest

from tests.edge.conftest import Start
from tests.edge.gateway import Gateway

PATHS = [
    "/admin/",
    "/admin/login/",
    "/admin/login",
    "/admin/accounts/user/",
    "/admin/reauthenticate/",
    "/health/ready/",
    "/metrics",
]


@pytest.mark.parametrize("path", PATHS)
def test_an_operator_reaches_it(edge: Gateway, path: str) -> None:
    assert edge.ask(path).status == 200


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_is_refused_before_the_application(start: Start, path: str) -> None:
    answer = start(OPERATOR_ADDRESSES="10.0.0.1 127.0.0.11").ask(path)

    assert (answer.status, answer.json["code"]) == (403, "forbidden")


@pytest.mark.parametrize("spelling", ["//admin/", "/%61dmin/", "/x/../admin/", "/admin//login/", "/admin/%6cogin/"])
def test_another_spelling_does_not_get_a_stranger_in(start: Start, spelling: str) -> None:
    assert start(OPERATOR_ADDRESSES="10.0.0.1").ask(spelling).status == 403


def test_a_forged_address_does_not_get_a_stranger_in(start: Start) -> None:
    edge = start(OPERATOR_ADDRESSES="10.0.0.1")

    assert edge.ask("/admin/", X_Forwarded_For="10.0.0.1", X_Real_IP="10.0.0.1").status == 403


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/reauthenticate/"])
def test_passwords_are_taken_no_more_often_than_at_auth(start: Start, path: str) -> None:
    edge = start()

    found = [edge.ask(path).status for _ in range(8)]

    assert found == [200] * 6 + [429] * 2


def test_the_other_pages_are_limited_like_the_api(start: Start) -> None:
    edge = start()

    found = [edge.ask("/admin/").status for _ in range(40)]

    assert found[:21] == [200] * 21
    assert found[-1] == 429


def test_the_pages_run_their_own_scripts_and_send_their_forms_home(edge: Gateway) -> None:
    policy = edge.ask("/admin/accounts/user/").only("Content-Security-Policy").split("; ")

    assert {"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'"} <= set(policy)
    assert not any("unsafe" in rule for rule in policy)
