"""A request of a session that is being ended leaves nothing behind by which its sender could stay."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.waiting import wait_until
from tests.accounts.mailbox import letters_to
from tests.cast import PASSWORD, Person
from tests.problems import assert_problem
from tests.rows import ask, connect

END_SESSIONS = "DELETE FROM core_session WHERE user_id = (SELECT id FROM core_user WHERE email = %s)"
TOKENS = "SELECT count(*) FROM core_api_token WHERE user_id = (SELECT id FROM core_user WHERE email = %s)"
LATE_MAIL = """
INSERT INTO core_outgoing_mail (id, letter, email, user_id, created_at, due_at, attempts)
SELECT gen_random_uuid(), 'change_email', %s, id, now(), now() + interval '1 hour', 1
FROM core_user WHERE email = %s RETURNING id
"""
CHANGES: list[tuple[str, str, Any]] = [
    ("POST", "/auth/tokens/", {"name": "Backup script", "scopes": ["read", "write"]}),
    ("POST", "/auth/email/change/", {"email": "thief@example.org"}),
    ("PATCH", "/auth/me/", {"name": "Mallory"}),
    ("DELETE", "/auth/me/", None),
    ("DELETE", "/auth/sessions/", None),
    ("POST", "/auth/reauthenticate/", {"password": PASSWORD}),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES, ids=lambda part: str(part)[:24])
def test_a_change_that_waits_for_the_end_of_its_session_is_refused(
    alice: Person, method: str, path: str, body: Any
) -> None:
    """The session is looked up, and then ended by someone who was faster at the user's row."""
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        other.execute(END_SESSIONS, [alice.email])
        change = background.submit(alice.request, method, path, json=body)
        wait_until(lambda: waiting_for_a_lock() == 1, 10, "the change has not reached the row that is locked")
        other.commit()

        assert_problem(change.result(), 401, "unauthenticated")
    assert ask(TOKENS, alice.email) == 0
    assert ask("SELECT name FROM core_user WHERE email = %s", alice.email) == ""


def change_password(alice: Person) -> None:
    given = {"current_password": PASSWORD, "new_password": "another horse battery staple"}
    assert alice.post("/auth/password/change/", json=given).ok


def test_a_mail_to_a_thiefs_address_that_is_still_on_its_way_is_held_back(alice: Person, anonymous: Person) -> None:
    ask(LATE_MAIL, anonymous.email, alice.email)

    change_password(alice)

    assert letters_to(anonymous.email) == []
    assert ask("SELECT count(*) FROM core_outgoing_mail WHERE email = %s", anonymous.email) == 0


@pytest.mark.parametrize(("method", "path", "body"), CHANGES[:2], ids=lambda part: str(part)[:24])
def test_a_thief_with_the_same_cookie_keeps_nothing_through_a_password_change(
    alice: Person, anonymous: Person, method: str, path: str, body: Any
) -> None:
    """Both requests were let in with the same token; the change came first to the user's row, and renewed it."""
    anonymous.cookies.update(alice.cookies)
    anonymous.headers.update(alice.headers)
    given = {"current_password": PASSWORD, "new_password": "another horse battery staple"}
    with ThreadPoolExecutor(2) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        change = background.submit(alice.post, "/auth/password/change/", json=given)
        wait_until(lambda: waiting_for_a_lock() == 1, 10, "the change has not reached the user's row")
        theft = background.submit(anonymous.request, method, path, json=body)
        wait_until(lambda: waiting_for_a_lock() == 2, 10, "the thief has not reached the user's row")
        other.rollback()

        assert change.result().status_code == 200
        assert_problem(theft.result(), 401, "unauthenticated")
    assert ask(TOKENS, alice.email) == 0


def waiting_for_a_lock() -> int:
    return int(ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))


def test_a_login_does_not_survive_a_change_of_the_address_that_was_faster(alice: Person) -> None:
    phone = Person("phone")
    phone.email = alice.email
    phone.fetch_csrf_token()
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        login = background.submit(phone.log_in)
        wait_until(lambda: waiting_for_a_lock() == 1, 10, "the login has not reached the user's row")
        other.execute("UPDATE core_user SET email = %s WHERE email = %s", [f"new-{alice.email}", alice.email])
        other.commit()

        assert_problem(login.result(), 401, "invalid_credentials")


def test_a_login_that_fails_half_way_leaves_the_session_before(alice: Person) -> None:
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        login = background.submit(alice.post, "/auth/login/", json=alice.credentials)
        wait_until(lambda: waiting_for_a_lock() == 1, 10, "the login has not reached the user's row")
        ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

        assert_problem(login.result(), 503, "unavailable")
        assert "sessionid" not in login.result().headers.get("Set-Cookie", "")
        other.rollback()
    assert alice.get("/auth/me/").status_code == 200
