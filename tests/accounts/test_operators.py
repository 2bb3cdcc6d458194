"""What operators do with accounts and sessions, from the command line. At /admin/: tests/test_admin_actions.py."""

import re
import time
from collections.abc import Iterator

import pytest

from tests.accounts.audit import events_of
from tests.cast import Person
from tests.drill import size
from tests.operators import manage
from tests.rows import ask
from tests.servers import second_app
from tests.workers import Database, own_database

COUNT = "SELECT count(*) FROM core_session s JOIN core_user u ON u.id = s.user_id WHERE u.email = %s"
AGE = """
UPDATE core_session SET last_seen_at = now() - interval '15 days'
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""
CROWD = """
INSERT INTO core_user (id, email, password, name, time_zone, is_active, is_staff, revision, created_at, updated_at)
SELECT gen_random_uuid(), n || '@example.org', '', '', 'UTC', true, false, 0, now(), now() FROM generate_series(1, %s) n
"""
SESSIONS = """
INSERT INTO core_session (id, token_hash, user_id, address, user_agent, created_at, last_seen_at, authenticated_at,
    expires_at, data)
SELECT gen_random_uuid(), sha256(id::text::bytea), id, '127.0.0.1', '', now(), now(), now(), now() + interval '30 days',
    '{}' FROM core_user
"""


@pytest.fixture
def newcomer() -> Person:
    return Person("newcomer")


# --- accounts -----------------------------------------------------------------------------------------


def test_a_new_account_gets_a_link_by_which_its_owner_chooses_a_password(newcomer: Person) -> None:
    link = manage("create_user", newcomer.email.upper(), "--name", "Newcomer").stdout.splitlines()[-1]
    [token] = re.findall(r"^http\S+/#reset=(\S+)$", link)
    newcomer.fetch_csrf_token()
    assert newcomer.log_in().status_code == 401

    given = {"token": token, "password": newcomer.password}
    assert newcomer.post("/auth/password/reset/confirm/", json=given).status_code == 204
    assert newcomer.post("/auth/password/reset/confirm/", json=given).status_code == 422

    user = newcomer.log_in().json()["user"]
    assert (user["email"], user["name"], user["is_verified"]) == (newcomer.email, "Newcomer", True)
    assert newcomer.get("/admin/").status_code == 302
    assert events_of(newcomer)[0] == "account_created"


def test_a_new_operator_may_open_the_admin(newcomer: Person) -> None:
    link = manage("create_user", "--operator", newcomer.email).stdout.splitlines()[-1]
    newcomer.fetch_csrf_token()
    newcomer.post(
        "/auth/password/reset/confirm/", json={"token": link.partition("=")[2], "password": newcomer.password}
    )
    newcomer.log_in()

    assert newcomer.get("/admin/").status_code == 200
    assert events_of(newcomer)[:2] == ["account_created", "operator_granted"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["not an address"], "Not an e-mail address: not an address"),
        (["new@example.org", "--name", "Al\x07ice"], "--name: U+0007 at position 3 is a control character."),
        (["new@example.org", "--name", "x" * 201], "--name: Expected at most 200 characters, not 201."),
    ],
)
def test_a_bad_account_is_refused_in_one_line(arguments: list[str], complaint: str) -> None:
    refused = manage("create_user", *arguments)

    assert (refused.returncode, refused.stderr) == (1, f"CommandError: {complaint}\n")


def test_a_taken_address_is_refused_in_any_spelling(alice: Person) -> None:
    refused = manage("create_user", f" {alice.email.upper()} ")

    assert refused.returncode == 1
    assert refused.stderr == f"CommandError: There is an account of {alice.email} already.\n"


def test_a_disabled_user_is_out_at_once_and_comes_back_when_enabled(alice: Person, bob: Person) -> None:
    assert alice.get("/api/lists/").status_code == 200

    assert manage("disable_user", alice.email.upper()).stdout == f"The account of {alice.email} is closed.\n"
    assert [person.get("/api/lists/").status_code for person in (alice, bob)] == [401, 200]
    assert alice.log_in().status_code == 401

    assert manage("enable_user", alice.email).stdout == f"The account of {alice.email} is open.\n"
    assert alice.log_in().status_code == 200
    assert {"account_disabled", "account_enabled"} < set(events_of(alice))


@pytest.mark.parametrize("command", ["disable_user", "enable_user", "end_sessions"])
def test_nobody_is_refused_by_name(command: str) -> None:
    refused = manage(command, "nobody@example.org")

    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        "CommandError: There is no account of nobody@example.org.",
    )


# --- sessions -----------------------------------------------------------------------------------------


def test_ending_the_sessions_of_a_user_logs_out_everywhere_at_once(alice: Person, bob: Person) -> None:
    phone = alice.on_another_device()
    assert [person.get("/api/lists/").status_code for person in (alice, phone)] == [200, 200]

    assert manage("end_sessions", alice.email).stdout == f"2 sessions of {alice.email} were ended.\n"

    assert [person.get("/api/lists/").status_code for person in (alice, phone, bob)] == [401, 401, 200]


@pytest.mark.parametrize("arguments", [[], ["--all", "alice@example.org"]])
def test_ending_sessions_wants_a_user_or_everybody(arguments: list[str]) -> None:
    assert manage("end_sessions", *arguments).returncode == 2


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Database]:
    """Yield a database of its own, in which everybody may be logged out."""
    with own_database() as database:
        yield database


def test_ending_all_sessions_logs_everybody_out_at_once(elsewhere: Database) -> None:
    with second_app(DATABASE_URL=elsewhere.url) as url:
        people = [Person("alice", url), Person("bob", url)]
        assert [person.sign_up().status_code for person in people] == [201, 201]
        assert [person.get("/api/lists/").status_code for person in people] == [200, 200]

        assert elsewhere.manage("end_sessions", "--all").stdout == "2 sessions of everybody were ended.\n"

        assert [person.get("/api/lists/").status_code for person in people] == [401, 401]
        assert [person.log_in().status_code for person in people] == [200, 200]
    noted = elsewhere.ask("SELECT user_id IS NULL FROM core_audit_event WHERE event = 'operator_ended_sessions'")
    assert noted is True


@pytest.mark.drill
def test_ending_the_sessions_of_a_crowd_takes_a_moment(elsewhere: Database) -> None:
    crowd = size(10_000, 100_000)
    with elsewhere.connect() as connection:
        connection.execute("DELETE FROM core_session")
        connection.execute("DELETE FROM core_user")
        connection.execute(CROWD, [crowd])
        connection.execute(SESSIONS)
    told, seconds = end_all_sessions(elsewhere)

    assert told == f"{crowd} sessions of everybody were ended.\n"
    told, start = end_all_sessions(elsewhere)  # of nobody: what Python and Django take to start
    assert told == "0 sessions of everybody were ended.\n"
    assert seconds - start < 9


def end_all_sessions(database: Database) -> tuple[str, float]:
    """Return what is said, and the seconds it took."""
    started = time.monotonic()
    told = database.manage("end_sessions", "--all").stdout
    return told, time.monotonic() - started


def test_a_purge_removes_what_has_ended_by_age_and_nothing_else(alice: Person, bob: Person) -> None:
    ask(AGE, alice.email)

    assert manage("purge_sessions").stdout.endswith("sessions were purged.\n")

    assert (ask(COUNT, alice.email), ask(COUNT, bob.email)) == (0, 1)
