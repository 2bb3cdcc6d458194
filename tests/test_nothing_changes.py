"""What must change nothing changes nothing, in any table: reading, forged requests, bodies that are no JSON."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.accounts.test_api_tokens import program
from tests.cast import Person, created
from tests.problems import assert_problem
from tests.routes import CALLS, ROUTES, UNSAFE, Ids, belongings, call
from tests.servers import second_app
from tests.tables import checksums
from tests.workers import Database, own_database

PATHS = sorted({route.path for route in ROUTES})
WITH_BODY = [route for route, call in CALLS.items() if call.payload]
FORGED = {
    "a page of another site": {"Sec-Fetch-Site": "cross-site"},
    "a page of a neighbour": {"Sec-Fetch-Site": "same-site"},
    "a page that is not known to this browser": {"Sec-Fetch-Site": "anything"},
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://localhost:1"},
    "no origin that could be told": {"Origin": "null"},
}
BODIES = {
    "a form": ("application/x-www-form-urlencoded", b"name=Errands&email=a%40example.org"),
    "a form in parts": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n'),
    "text": ("text/plain", b'{"name": "Errands"}'),
    "nothing said": (None, b'{"name": "Errands"}'),
}


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database that no periodic job works on."""
    with own_database() as database:
        yield database


@pytest.fixture(scope="module")
def app(database: Database) -> Iterator[str]:
    with second_app(DATABASE_URL=database.url) as url:
        yield url


@pytest.fixture(scope="module")
def alice(app: str) -> Person:
    alice = Person("alice", app)
    created(alice.sign_up())
    return alice


@pytest.fixture(scope="module")
def hers(alice: Person, database: Database) -> Ids:
    return belongings(alice, database.name)


@pytest.fixture(params=["alice", "visitor"])
def anyone(request: pytest.FixtureRequest, alice: Person) -> Person:
    """Return a browser with all that a good request needs, logged in or not."""
    if request.param == "alice":
        return alice
    visitor = Person("visitor", alice.url)
    visitor.fetch_csrf_token()
    return visitor


@contextmanager
def nothing_changes(database: Database) -> Iterator[None]:
    before = checksums(database)
    yield
    assert checksums(database) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_changes_nothing(database: Database, alice: Person, hers: Ids, method: str) -> None:
    script = program(alice.make_token("read")["token"])
    script.url = alice.url

    with nothing_changes(database):
        for reader in (alice, script, Person("visitor", alice.url)):
            for path in PATHS:
                assert reader.request(method, path.format(**hers)).status_code < 500


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED.keys())
def test_a_forged_request_changes_nothing(
    database: Database, anyone: Person, hers: Ids, headers: dict[str, str]
) -> None:
    with nothing_changes(database):
        for route in UNSAFE:
            assert_problem(call(anyone, route, hers, headers=headers), 403, "csrf_failed")


@pytest.mark.parametrize(("content_type", "body"), BODIES.values(), ids=BODIES.keys())
def test_a_body_that_a_form_could_send_changes_nothing(
    database: Database, alice: Person, hers: Ids, content_type: str | None, body: bytes
) -> None:
    with nothing_changes(database):
        for route in WITH_BODY:
            answer = alice.request(
                route.method, route.path.format(**hers), data=body, headers={"Content-Type": content_type}
            )
            assert_problem(answer, 415, "unsupported_media_type")
