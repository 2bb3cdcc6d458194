"""What requests to /auth/ cost in SQL: exact, because a silent extra statement is how a service gets slow."""

import pytest
from django.test import Client

from app.accounts.models import Letter, User
from app.accounts.services import links
from tests.cast import PASSWORD
from tests.costs.counting import cost
from tests.routes import CALLS, Route, good_body

pytestmark = pytest.mark.django_db(transaction=True)


def test_asking_who_i_am_costs_one_statement_the_session_with_its_user(alice: Client) -> None:
    assert cost(alice, "GET", "/auth/me/") == 1


def test_a_csrf_token_for_a_visitor_costs_none() -> None:
    assert cost(Client(headers={"host": "localhost"}), "GET", "/auth/csrf/") == 0


@pytest.mark.usefixtures("alice")
def test_logging_in_costs_six_the_user_found_and_locked_known_networks_oldest_sessions_new_one_and_audit() -> None:
    visitor = Client(headers={"host": "localhost"})
    credentials = {"email": "alice@example.org", "password": PASSWORD}

    assert cost(visitor, "POST", "/auth/login/", credentials) == 6


def test_signing_up_costs_nine_the_user_with_a_savepoint_inbox_audit_and_a_login_without_looking_for_it() -> None:
    visitor = Client(headers={"host": "localhost"})
    credentials = {"email": "bob@example.org", "password": PASSWORD}

    assert cost(visitor, "POST", "/auth/register/", credentials, 201) == 9


def test_logging_out_costs_three_the_session_read_and_deleted_and_audit(alice: Client) -> None:
    alice.get("/api/lists/")

    assert cost(alice, "POST", "/auth/logout/", expected=204) == 3


# The first is the session with its user, read from its row. A change looks once more whether that session is still
# there, inside the write door, and to note what was done costs one.
OF_ACCOUNTS = {
    Route("GET", "/auth/sessions/"): 2,
    Route("GET", "/auth/tokens/"): 2,
    Route("POST", "/auth/reauthenticate/"): 5,
    Route("PATCH", "/auth/me/"): 7,
    Route("DELETE", "/auth/me/"): 10,
    Route("POST", "/auth/password/change/"): 13,
    Route("POST", "/auth/password/reset/"): 3,
    Route("POST", "/auth/password/reset/confirm/"): 13,
    Route("POST", "/auth/email/verify/"): 6,
    Route("POST", "/auth/email/change/"): 7,
    Route("POST", "/auth/email/change/confirm/"): 12,
    Route("DELETE", "/auth/sessions/"): 5,
    Route("DELETE", "/auth/sessions/{session_id}/"): 7,
    Route("POST", "/auth/tokens/"): 6,
    Route("DELETE", "/auth/tokens/{token_id}/"): 5,
}


@pytest.mark.parametrize(("route", "expected"), OF_ACCOUNTS.items(), ids=str)
def test_what_concerns_the_account_costs(alice: Client, route: Route, expected: int) -> None:
    ids = belongings_in_this_database(alice)
    body = None if route.is_reading else good_body(route, ids)
    status = 200 if route.is_reading else CALLS[route].status

    assert cost(alice, route.method, route.path.format(**ids), body, status) == expected


def belongings_in_this_database(alice: Client) -> dict[str, str]:
    user = User.objects.get(email="alice@example.org")
    links_of = {
        Letter.VERIFY_EMAIL: user.email,
        Letter.RESET_PASSWORD: user.email,
        Letter.CHANGE_EMAIL: "new@example.org",
    }
    token = alice.post("/auth/tokens/", {"name": "Backup script", "scopes": ["read"]}, "application/json").json()
    return {
        "email": user.email,
        "new_email": "new@example.org",
        "session_id": alice.get("/auth/sessions/").json()["results"][0]["id"],
        "token_id": token["id"],
        **{letter: links.address(letter, user, email).partition("=")[2] for letter, email in links_of.items()},
    }


def test_a_token_costs_one_statement_and_none_where_it_is_mistyped(alice: Client) -> None:
    token = alice.post("/auth/tokens/", {"name": "Script", "scopes": ["read"]}, "application/json").json()["token"]
    script = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    mistyped = Client(
        headers={"host": "localhost", "authorization": f"Bearer {token[:-1]}{'b' if token[-1] == 'a' else 'a'}"}
    )

    assert cost(script, "GET", "/api/lists/") == 3  # the token, the state and the page
    assert cost(mistyped, "GET", "/api/lists/", expected=401) == 0


def test_being_let_in_with_a_large_body_costs_none_because_the_session_is_a_copy(alice: Client) -> None:
    alice.get("/api/lists/")

    assert [cost(alice, method, "/api/admission/", expected=204) for method in ("GET", "POST")] == [0, 0]


def test_a_live_check_costs_none() -> None:
    assert cost(Client(headers={"host": "localhost"}), "GET", "/health/live/") == 0
