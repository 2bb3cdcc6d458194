"""What matters asks for the password again, when it was last given a while ago."""

from typing import Any

import pytest

from tests.accounts.audit import events_of
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask

AGE = """
UPDATE core_session SET authenticated_at = now() - make_interval(mins => %s)
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""
SENSITIVE: list[tuple[str, str, Any]] = [
    ("POST", "/auth/email/change/", {"email": "new@example.org"}),
    ("POST", "/auth/tokens/", {"name": "Backup script", "scopes": ["read"]}),
    ("DELETE", "/auth/me/", None),
]


@pytest.mark.parametrize(("method", "path", "body"), SENSITIVE, ids=lambda part: str(part)[:20])
def test_after_a_quarter_of_an_hour_it_asks_for_the_password(alice: Person, method: str, path: str, body: Any) -> None:
    ask(AGE, 15, alice.email)
    assert_problem(alice.request(method, path, json=body), 403, "reauthentication_required")

    assert alice.reauthenticate().status_code == 200

    assert alice.request(method, path, json=body).ok


@pytest.mark.parametrize(("method", "path", "body"), SENSITIVE, ids=lambda part: str(part)[:20])
def test_before_that_it_does_not(alice: Person, method: str, path: str, body: Any) -> None:
    ask(AGE, 14, alice.email)

    assert alice.request(method, path, json=body).ok


def test_what_does_not_matter_as_much_does_not_ask(alice: Person) -> None:
    ask(AGE, 1000, alice.email)

    assert alice.patch("/auth/me/", json={"name": "Alice"}).status_code == 200
    assert alice.delete("/auth/sessions/").status_code == 204
    assert alice.get("/auth/tokens/").status_code == 200


def test_a_wrong_password_opens_nothing_and_is_noted(alice: Person) -> None:
    ask(AGE, 15, alice.email)

    assert_problem(alice.reauthenticate(password="not her password"), 422, "invalid", "/password")

    answer = alice.post("/auth/tokens/", json={"name": "Backup script", "scopes": ["read"]})
    assert_problem(answer, 403, "reauthentication_required")
    assert events_of(alice)[-1] == "wrong_password"


def test_the_session_goes_on_under_a_new_token_and_the_old_one_is_worth_nothing(alice: Person) -> None:
    old, csrf_token = alice.cookies["sessionid"], alice.headers["X-CSRFToken"]
    [before] = alice.get("/auth/sessions/").json()["results"]

    alice.reauthenticate()

    assert alice.cookies["sessionid"] != old
    assert alice.headers["X-CSRFToken"] != csrf_token
    [after] = alice.get("/auth/sessions/").json()["results"]
    assert after["id"] == before["id"]
    alice.cookies["sessionid"] = old
    assert alice.get("/api/lists/").status_code == 401


def test_a_late_answer_to_the_old_token_does_not_take_the_new_cookie_away(alice: Person) -> None:
    """A browser may have sent a request with the old token before the new one arrived."""
    stale = Person("alice")
    stale.cookies["sessionid"] = alice.cookies["sessionid"]
    alice.reauthenticate()

    assert "Set-Cookie" not in stale.get("/api/lists/").headers


def test_guessing_the_password_of_a_session_comes_to_an_end(alice: Person) -> None:
    answers = [alice.reauthenticate(password=f"guess number {number}").status_code for number in range(12)]

    assert answers == [422] * 10 + [429] * 2
