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


class OldConnection(http.client.HTTPConnection):
    """What a proxy in front may speak."""

    _http_vsn = 10
    _http_vsn_str = "HTTP/1.0"


Connection = type[http.client.HTTPConnection]
each_version = pytest.mark.parametrize("speak", [http.client.HTTPConnection, OldConnection], ids=["1.1", "1.0"])


@pytest.fixture(params=["session", "token"])
def reader(request: pytest.FixtureRequest, alice: Person) -> Person:
    """Return alice without a CSRF token, or her program that may only read."""
    token = alice.make_token("read")["token"]
    del alice.headers["X-CSRFToken"]
    return alice if request.param == "session" else program(token)


@pytest.fixture
def attachments(alice: Person) -> str:
    return f"/api/todos/{alice.make_todo(alice.make_list())['id']}/attachments/"


def announce(
    person: Person, path: str, method: str = "POST", speak: Connection = http.client.HTTPConnection, /, **headers: str
) -> requests.Response:
    """Send the head of a request and nothing of its body, and return what is answered to that."""
    own, answer = person.prepare_request(requests.Request("GET", URL + path)).headers, requests.Response()
    connection = speak(urlsplit(URL).netloc, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", urlsplit(URL).netloc)
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


@each_version
def test_who_only_reads_is_let_in_as_anywhere_else(attachments: str, reader: Person, speak: Connection) -> None:
    listed = announce(reader, attachments, "GET", speak)
    imports = announce(reader, "/api/imports/", "GET", speak)
    others = [
        announce(reader, path, method, speak).status_code
        for path in (attachments, "/api/imports/")
        for method in ("HEAD", "OPTIONS")
    ]

    assert (listed.status_code, listed.json()["results"]) == (200, [])
    assert_problem(imports, 405, "method_not_allowed")
    assert others == [200, 200, 405, 200]


def test_a_question_that_has_a_body_needs_no_right_to_write(attachments: str, reader: Person) -> None:
    assert reader.get(attachments, data="{}").status_code == 200
    assert reader.options(attachments, data="{}").status_code == 200
    assert_problem(reader.get("/api/imports/", data="{}"), 405, "method_not_allowed")


@each_path
@each_size
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_visitor_is_refused_by_the_head_whatever_the_method(
    anonymous: Person, path: str, method: str, size: dict[str, str]
) -> None:
    assert announce(anonymous, path, method, **size).status_code == 401


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
