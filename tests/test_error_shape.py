"""Every error has one shape, whoever answers it: a view, Django, or nginx."""

import logging
from collections.abc import Iterator

import pytest
import requests
from django.test import Client

from tests.cast import Person
from tests.crashing_urls import SECRET
from tests.problems import MEMBERS, assert_problem
from tests.routes import NOWHERE, ROUTES
from tests.servers import second_app

PAGES = {"/api/docs/", "/api/redoc/", "/api/schema/"}  # to be read, and nothing else
PATHS = sorted({route.path for route in ROUTES})
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def methods_at(path: str) -> set[str]:
    return {route.method for route in ROUTES if route.path == path}


@pytest.mark.parametrize(
    "path", ["/nope", "/nope/", "/api/", "/api/nope/", "/auth/", "/auth/nope/", "/health/", "/a b/ü"]
)
def test_an_unknown_path_is_not_found(anonymous: Person, path: str) -> None:
    assert_problem(anonymous.get(path), 404, "not_found")


@pytest.mark.parametrize("path", [path for path in PATHS if path.endswith("/")])
def test_a_missing_slash_is_not_found_and_said(mallory: Person, path: str) -> None:
    problem = assert_problem(mallory.get(path.format(**NOWHERE).rstrip("/")), 404, "not_found")

    assert "slash" in problem["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_a_path_does_not_take_is_refused_with_those_it_takes(mallory: Person, path: str) -> None:
    taken = methods_at(path)
    for method in METHODS - taken:
        answer = mallory.request(method, path.format(**NOWHERE))
        assert_problem(answer, 405, "method_not_allowed")
        assert set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == taken


@pytest.mark.parametrize("path", [path for path in PATHS if path not in PAGES])
def test_an_options_request_names_the_methods_that_a_path_takes(alice: Person, path: str) -> None:
    answer = alice.options(path.format(**NOWHERE))

    assert (answer.status_code, answer.content) == (200, b"")
    assert set(answer.headers["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == methods_at(path)


def test_a_head_request_is_answered_like_a_get_without_its_body(alice: Person) -> None:
    answer = alice.head("/api/todos/")

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]", "a_b"])
@pytest.mark.parametrize("path", ["/api/todos/", "/auth/csrf/", "/health/live/"])
def test_a_foreign_host_is_refused(anonymous: Person, host: str, path: str) -> None:
    answer = anonymous.get(path, headers={"Host": host})

    assert_problem(answer, 400, "bad_request")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "*/*;q=0", "x"])
def test_errors_are_json_whatever_is_asked_for(anonymous: Person, accept: str) -> None:
    assert_problem(anonymous.get("/api/todos/", headers={"Accept": accept}), 401, "unauthenticated")


def test_the_request_id_stands_in_the_body_and_in_a_header(anonymous: Person) -> None:
    answer = anonymous.get("/api/todos/")

    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]


def test_a_client_does_not_choose_its_request_id(anonymous: Person) -> None:
    problem = assert_problem(anonymous.get("/api/todos/", headers={"X-Request-ID": "f" * 32}), 401, "unauthenticated")

    assert problem["request_id"] != "f" * 32


@pytest.mark.urls("tests.crashing_urls")
@pytest.mark.parametrize("path", ["/plain/", "/api/"])
def test_a_crash_tells_the_client_nothing_and_the_log_everything(path: str, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    with caplog.at_level(logging.ERROR):
        answer = client.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json().keys() == MEMBERS
    assert SECRET not in answer.text
    assert "RuntimeError" not in answer.text
    assert SECRET in caplog.text


# --- without PostgreSQL --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cut_off(unused_port: int) -> Iterator[str]:
    """Run an app whose database nobody answers for."""
    with second_app(DATABASE_URL=f"postgres://doable:doable@127.0.0.1:{unused_port}/doable") as url:
        yield url


@pytest.fixture
def stranded(alice: Person, cut_off: str) -> Person:
    """Return alice, logged in, whose requests reach the app that is cut off."""
    alice.url = cut_off
    return alice


@pytest.mark.parametrize("path", ["/api/todos/", "/api/lists/", "/auth/me/"])
def test_without_the_database_a_read_asks_to_come_back(stranded: Person, path: str) -> None:
    answer = stranded.get(path)

    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_without_the_database_nothing_is_written_and_nobody_logged_out(stranded: Person) -> None:
    refused = stranded.post("/api/lists/", json={"name": "Errands"})

    assert_problem(refused, 503, "unavailable")
    assert "Set-Cookie" not in refused.headers
    assert "sessionid" in stranded.cookies


def test_without_the_database_a_login_is_not_called_wrong(stranded: Person) -> None:
    answer = stranded.post("/auth/login/", json=stranded.credentials)

    assert_problem(answer, 503, "unavailable")


def test_without_the_database_the_process_lives_but_is_not_ready(cut_off: str) -> None:
    live, ready = (requests.get(f"{cut_off}/health/{which}/", timeout=20) for which in ("live", "ready"))

    assert (live.status_code, ready.status_code) == (200, 503)
    assert ready.json()["checks"]["database"] == "unreachable"
    assert "Retry-After" in ready.headers
