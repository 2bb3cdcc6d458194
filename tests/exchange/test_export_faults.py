"""An export while others write, while its reader goes away, and while the database fails."""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from local.binaries import find_nginx
from local.choices import ORIGINS
from local.waiting import wait_until
from tests.cast import Person
from tests.edge.gateway import running
from tests.exchange.transfers import export_of, names_in
from tests.problems import assert_problem
from tests.servers import second_app
from tests.workers import Database, own_database

SOON = 10  # seconds
HEAVY = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, position, created_at, updated_at)
SELECT gen_random_uuid(), user_id, id, 'Read chapter ' || n, repeat('word ', 2000), 'todo', 0, '1', now(), now()
FROM core_list, generate_series(1, 2000) AS n WHERE id = %s RETURNING id
"""
COPY_LIST = """
INSERT INTO core_list (id, user_id, name, color, position, is_archived, created_at, updated_at)
SELECT gen_random_uuid(), user_id, 'Late', color, position, false, now(), now() FROM core_list WHERE id = %s
"""
COPY_TODO = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, position, created_at, updated_at)
SELECT gen_random_uuid(), user_id, id, 'Late', '', 'todo', 0, '1', now(), now() FROM core_list WHERE name = 'Late'
"""
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
READING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as database:
        yield database


@pytest.fixture(scope="module")
def bare_app(database: Database) -> Iterator[str]:
    with second_app(DATABASE_URL=database.url) as url:
        yield url


@pytest.fixture(scope="module")
def app(bare_app: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an nginx before the app."""
    folder, port = tmp_path_factory.mktemp("edge"), urlsplit(bare_app).port
    assert port
    with running(folder, find_nginx(ORIGINS), port, RATE_LIMIT_EXEMPT="127.0.0.1") as edge:
        yield f"http://127.0.0.1:{edge.port}"


def beginning(person: Person) -> requests.Response:
    """Ask for an export and return before there is more than its beginning."""
    answer = person.get("/api/export/", stream=True, headers={"Accept-Encoding": "identity"})
    assert answer.status_code == 200
    return answer


def read_to_the_end(answer: requests.Response, read: bytearray) -> None:
    for piece in answer.iter_content(1):
        read += piece


def test_an_export_is_one_state_of_the_database(alice: Person, groceries: Any, database: Database) -> None:
    """Its lists are read, and the todos are not, when somebody adds one of each."""
    alice.make_todo(groceries)
    with database.connect() as other:
        other.execute("LOCK TABLE core_todo")
        with beginning(alice) as answer:
            wait_until(lambda: database.ask(WAITING) == 1, SOON, "the export does not wait")
            other.execute(COPY_LIST, [groceries["id"]])
            other.execute(COPY_TODO)
            other.commit()
            found = answer.json()

    assert [[one.get("name", one.get("title")) for one in found[kind]] for kind in ("lists", "todos")] == [
        ["Inbox", "Groceries"],
        ["Buy oat milk"],
    ]
    assert names_in(export_of(alice)) == ["Inbox", "Groceries", "Late"]


def test_an_export_that_fails_midway_is_cut_off_and_never_looks_whole(
    alice: Person, groceries: Any, database: Database
) -> None:
    alice.make_todo(groceries)
    read = bytearray()
    with database.connect() as other:
        other.execute("LOCK TABLE core_todo")
        with beginning(alice) as answer, pytest.raises(requests.RequestException):
            read_to_the_end(answer, read)

    assert read.startswith(b'{"format":"doable"')
    assert not read.rstrip().endswith(b"}")
    assert len(export_of(alice)["todos"]) == 1


def test_two_exports_of_one_account_do_not_run_at_once(alice: Person, database: Database) -> None:
    with database.connect() as other:
        user = database.ask("SELECT id FROM core_user WHERE email = %s", alice.email)
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"export:{user}"])

        assert_problem(alice.get("/api/export/"), 503, "unavailable")

    assert names_in(export_of(alice)) == ["Inbox"]


def test_a_reader_that_goes_away_leaves_no_transaction(
    bare_app: str, alice: Person, groceries: Any, database: Database
) -> None:
    database.ask(HEAVY, groceries["id"])
    address = urlsplit(bare_app)
    assert address.hostname
    assert address.port
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in alice.cookies)
    with socket.create_connection((address.hostname, address.port), timeout=20) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.sendall(f"GET /api/export/ HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode())
        assert reader.recv(1000).startswith(b"HTTP/1.1 200")
        wait_until(lambda: database.ask(READING) == 1, SOON, "the export does not wait for its reader")

    wait_until(lambda: database.ask(READING) == 0, SOON, "the transaction stays")
