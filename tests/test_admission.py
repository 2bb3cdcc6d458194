"""Who may not send a large body is told so before nginx has taken any of it."""

import http.client
from io import BytesIO
from urllib.parse import urlsplit

import pytest
import requests

from tests.accounts.test_api_tokens import program
from tests.cast import URL, Person
from tests.problems import assert_problem
from tests.routes import NOWHERE

ATTACHMENTS = f"/api/todos/{NOWHERE['todo_id']}/attachments/?name=Receipt.pdf"
SIZES = [{"Content-Length": str(10 * 2**20)}, {"Transfer-Encoding": "chunked"}]
each_size = pytest.mark.parametrize("size", SIZES, ids=["with its length", "in chunks"])
each_path = pytest.mark.parametrize("path", ["/api/imports/", "/api/imports", ATTACHMENTS])


def announce(person: Person, path: str, method: str = "POST", **headers: str) -> requests.Response:
    """Send the head of a request and nothing of its body, and return what is answered to that."""
    own, answer = person.prepare_request(requests.Request("GET", URL + path)).headers, requests.Response()
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=10)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {**own, "Accept-Encoding": "identity", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        found = connection.getresponse()
        answer.status_code, answer.raw = found.status, BytesIO(found.read())
        answer.headers.update(found.getheaders())
        return answer
    finally:
        connection.close()


@each_path
@each_size
def test_a_visitor_is_refused_by_the_head_of_an_upload(anonymous: Person, path: str, size: dict[str, str]) -> None:
    without_token = announce(anonymous, path, **size)
    anonymous.fetch_csrf_token()
    answer = announce(anonymous, path, **size)

    assert_problem(without_token, 403, "csrf_failed")
    assert "GET /auth/csrf/ gives a token" in without_token.json()["detail"]
    assert_problem(answer, 401, "unauthenticated")
    assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["WWW-Authenticate"].startswith("Session")
    assert "X-Refusal" not in answer.headers


@each_path
@each_size
def test_a_program_is_refused_if_its_token_is_dead_or_may_not_write(
    alice: Person, path: str, size: dict[str, str]
) -> None:
    made = alice.make_token("read")
    refused = announce(program(made["token"]), path, **size)
    assert alice.delete(f"/auth/tokens/{made['id']}/").ok
    dead = announce(program(made["token"]), path, **size)

    assert_problem(refused, 403, "insufficient_scope")
    assert_problem(dead, 401, "unauthenticated")


@each_path
@each_size
def test_whoever_claims_to_be_two_is_refused(alice: Person, path: str, size: dict[str, str]) -> None:
    answer = announce(alice, path, **size, Authorization="Bearer mine")

    assert_problem(answer, 400, "ambiguous_credentials")


def test_a_large_file_of_a_visitor_is_refused_before_any_of_it_is_sent(anonymous: Person) -> None:
    anonymous.fetch_csrf_token()

    for length in (50 * 2**20, 2 * 2**30):
        answer = announce(anonymous, "/api/imports/", **{"Content-Length": str(length)})
        assert_problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("origin", ["https://evil.example", 'https://"\\.example', "https://x" * 500])
def test_a_reason_that_repeats_what_was_sent_is_one_whole_answer(alice: Person, origin: str) -> None:
    answer = announce(alice, "/api/imports/", **{"Content-Length": "1"}, Origin=origin)

    assert origin in assert_problem(answer, 403, "csrf_failed")["detail"]


@pytest.mark.parametrize("path", ["/api/%61dmission/", "//api/x/../admission/"])
def test_nobody_but_nginx_asks_who_is_let_in(alice: Person, path: str) -> None:
    assert_problem(alice.post(path), 404, "not_found")
