"""What happens to an account is noted, by the event's name, and the notes are kept as they are for as long as said."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from app.accounts.models import Event
from local.waiting import wait_until
from tests.accounts.audit import events_of
from tests.accounts.session_rows import add_sessions
from tests.cast import Person
from tests.operators import manage
from tests.routes import CALLS, Route, belongings, call
from tests.rows import ask, mailed_tokens
from tests.servers import second_app
from tests.workers import Database, own_database, worker

SOON = 20  # seconds
ELSEWHERE = {"X-Real-IP": "203.0.113.9"}
AGED = """
INSERT INTO core_audit_event (id, created_at, event, address, user_agent, request_id)
SELECT gen_random_uuid(), now() - %s, 'logged_in', address::inet, '', ''
FROM unnest(array['203.0.113.9', '2001:db8:1:2:3::4']) AS address RETURNING id
"""
ADDRESSES = """
SELECT coalesce(array_agg(address::text ORDER BY family(address)), '{}') FROM core_audit_event
WHERE created_at BETWEEN now() - %s - interval '1 hour' AND now() - %s + interval '1 hour'
"""
WHOLE = ["203.0.113.9/32", "2001:db8:1:2:3::4/128"]
BLURRED = ["203.0.113.0/24", "2001:db8:1:2::/64"]


def calling(method: str, path: str) -> Callable[[Person], object]:
    def work(alice: Person) -> object:
        route = Route(method, path)
        answer = call(alice, route, belongings(alice))
        assert answer.status_code == CALLS[route].status
        return answer

    return work


def log_in_often(alice: Person) -> None:
    add_sessions(alice, 100)
    assert alice.on_another_device()


def be_too_often_wrong(alice: Person) -> None:
    for _ in range(11):
        alice.log_in(password="not her password")


def confirm_new_address(alice: Person) -> None:
    given = {"token": mailed_tokens(alice)["change_email"]}
    assert alice.post("/auth/email/change/confirm/", json=given).ok
    alice.email = f"new-{alice.email}"


def move(alice: Person, mode: str) -> None:
    with second_app(SESSION_IP_VALIDATION=mode) as alice.url:
        alice.get("/api/lists/", headers=ELSEWHERE)


FLOWS: dict[Event, Callable[[Person], object]] = {
    Event.SIGNED_UP: lambda _: None,
    Event.LOGGED_IN: lambda _: None,
    Event.EMAIL_VERIFIED: calling("POST", "/auth/email/verify/"),
    Event.LOGIN_FAILED: lambda alice: alice.log_in(password="not her password"),
    Event.LOGIN_LIMITED: be_too_often_wrong,
    Event.LOGGED_OUT: lambda alice: alice.log_out(),
    Event.SESSION_ENDED: calling("DELETE", "/auth/sessions/{session_id}/"),
    Event.OTHER_SESSIONS_ENDED: calling("DELETE", "/auth/sessions/"),
    Event.OLDEST_SESSION_ENDED: log_in_often,
    Event.OPERATOR_ENDED_SESSIONS: lambda alice: manage("end_sessions", alice.email),
    Event.NETWORK_CHANGED: lambda alice: move(alice, "adaptive"),
    Event.NETWORK_REFUSED: lambda alice: move(alice, "strict"),
    Event.REAUTHENTICATED: lambda alice: alice.reauthenticate(),
    Event.WRONG_PASSWORD: lambda alice: alice.reauthenticate(password="not her password"),
    Event.PASSWORD_CHANGED: calling("POST", "/auth/password/change/"),
    Event.PASSWORD_RESET: calling("POST", "/auth/password/reset/confirm/"),
    Event.EMAIL_CHANGE_ASKED: calling("POST", "/auth/email/change/"),
    Event.EMAIL_CHANGED: confirm_new_address,
    Event.ACCOUNT_CHANGED: calling("PATCH", "/auth/me/"),
    Event.TOKEN_CREATED: calling("POST", "/auth/tokens/"),
    Event.TOKEN_REVOKED: calling("DELETE", "/auth/tokens/{token_id}/"),
}
# The account's end, and who asks for a reset, are noted without a row of the account to look them up by.
NOTED_APART = {Event.ACCOUNT_DELETED, Event.PASSWORD_RESET_ASKED}
# tests/accounts/test_operators.py and tests/test_admin_actions.py have these.
BY_OPERATORS = {
    Event.ACCOUNT_CREATED,
    Event.ACCOUNT_DISABLED,
    Event.ACCOUNT_ENABLED,
    Event.OPERATOR_GRANTED,
    Event.OPERATOR_REVOKED,
}


def test_every_event_there_is_happens_in_a_test() -> None:
    assert FLOWS.keys() | NOTED_APART | BY_OPERATORS == set(Event)


@pytest.mark.parametrize("event", FLOWS)
def test_what_happens_is_noted(alice: Person, event: Event) -> None:
    FLOWS[event](alice)

    assert event in events_of(alice)


def test_an_end_is_noted_under_the_id_of_the_account(alice: Person) -> None:
    user = alice.get("/auth/me/").json()["id"]

    alice.delete("/auth/me/")

    assert ask("SELECT event FROM core_audit_event WHERE user_id = %s ORDER BY id DESC LIMIT 1", user) == (
        Event.ACCOUNT_DELETED
    )


def test_that_a_reset_was_asked_for_is_noted_with_its_request(alice: Person) -> None:
    answer = alice.post("/auth/password/reset/", json={"email": alice.email})

    noted = "SELECT event FROM core_audit_event WHERE request_id = %s"
    assert ask(noted, answer.headers["X-Request-ID"]) == Event.PASSWORD_RESET_ASKED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_audit_event SET event = 'logged_out'",
        "UPDATE core_audit_event SET address = NULL",
        "UPDATE core_audit_event SET address = '203.0.113.0/24'",
        "UPDATE core_audit_event SET created_at = now() - interval '2 years'",
        "DELETE FROM core_audit_event",
        "TRUNCATE core_audit_event",
    ],
)
@pytest.mark.usefixtures("alice")
def test_the_database_refuses_to_change_or_remove_a_note(statement: LiteralString) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        ask(statement)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as database:
        yield database


def test_addresses_are_blurred_after_ninety_days_and_notes_deleted_after_a_year(
    database: Database, tmp_path: Path
) -> None:
    ages = {days: timedelta(days=days) for days in (89, 91, 364, 366)}
    for age in ages.values():
        database.ask(AGED, age)

    def addresses(days: int) -> object:
        return database.ask(ADDRESSES, ages[days], ages[days])

    with worker(database, tmp_path / "worker.log", "app.config.settings"):
        wait_until(lambda: addresses(366) == [], SOON, "a note of more than a year is still there")
        wait_until(lambda: addresses(91) == BLURRED, SOON, "an address of more than ninety days is still whole")

    assert {days: addresses(days) for days in ages} == {89: WHOLE, 91: BLURRED, 364: BLURRED, 366: []}
