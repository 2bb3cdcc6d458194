"""What operators do at /admin/: log in, see to accounts, give the password once more. The audit names them."""

import re

import pytest
import requests

from tests.accounts.mailbox import subjects_to
from tests.cast import Person, created
from tests.operators import id_of, make_operator
from tests.rows import ask, connect

USERS = "/admin/accounts/user/"
LAST_EVENT = """
SELECT event || ' by ' || actor_id FROM core_audit_event WHERE user_id = %s AND actor_id IS NOT NULL
ORDER BY id DESC LIMIT 1
"""


@pytest.fixture
def operator() -> Person:
    operator = Person("operator")
    created(operator.sign_up())
    make_operator(operator)
    return operator


def act(operator: Person, action: str, *people: Person, **more: str) -> requests.Response:
    """Take an action on the accounts that are ticked."""
    given = {"action": action, "_selected_action": [id_of(person) for person in people], **more}
    return operator.post(USERS, data=given)


def told(operator: Person) -> list[str]:
    """Return the messages that the next page shows."""
    lines = re.findall(r"<li class=\"(?:info|success|warning|error)\">(.*?)</li>", operator.get(USERS).text)
    return [str(line) for line in lines]


def assert_noted(event: str, operator: Person, user: Person) -> None:
    assert ask(LAST_EVENT, id_of(user)) == f"{event} by {id_of(operator)}"


# --- accounts -----------------------------------------------------------------------------------------


def test_a_disabled_account_is_out_at_once_and_comes_back_when_enabled(operator: Person, alice: Person) -> None:
    assert alice.get("/api/lists/").status_code == 200

    assert act(operator, "disable", alice).status_code == 302
    assert_noted("account_disabled", operator, alice)
    assert (alice.get("/api/lists/").status_code, alice.log_in().status_code) == (401, 401)

    act(operator, "enable", alice)
    assert_noted("account_enabled", operator, alice)
    assert alice.log_in().status_code == 200


def test_several_accounts_are_dealt_with_together(operator: Person, alice: Person, bob: Person) -> None:
    act(operator, "end_sessions", alice, bob)

    assert told(operator) == [f"Logged out everywhere: {person.email}" for person in (bob, alice)]
    assert [person.get("/api/lists/").status_code for person in (alice, bob)] == [401, 401]
    assert_noted("operator_ended_sessions", operator, bob)


def test_an_operator_sends_a_link_and_never_learns_the_password(operator: Person, alice: Person) -> None:
    act(operator, "send_password_link", alice)

    assert subjects_to(alice.email) == ["Choose a new password"]
    assert_noted("password_reset_asked", operator, alice)


def test_a_closed_account_is_sent_no_link(operator: Person, alice: Person) -> None:
    act(operator, "disable", alice)
    act(operator, "send_password_link", alice)

    assert told(operator)[-1].endswith("Enable it first.")
    assert_noted("account_disabled", operator, alice)


def test_an_address_is_sent_five_links_an_hour_and_no_more(operator: Person, alice: Person) -> None:
    for _ in range(6):
        act(operator, "send_password_link", alice)

    assert told(operator)[-1].startswith(f"Nothing was done to {alice.email}: Too many links")


def test_an_operator_makes_another_and_unmakes_them(operator: Person, alice: Person) -> None:
    act(operator, "grant", alice)
    assert_noted("operator_granted", operator, alice)
    assert alice.get("/admin/").status_code == 200

    act(operator, "revoke", alice)
    assert_noted("operator_revoked", operator, alice)
    assert alice.get("/admin/").status_code == 302


@pytest.mark.parametrize("action", ["disable", "revoke"])
def test_no_operator_locks_themself_out(operator: Person, action: str) -> None:
    act(operator, action, operator)

    assert told(operator) == [
        f"Nothing was done to {operator.email}: This is your own account. Another operator can do it."
    ]


def test_an_action_is_for_those_that_were_ticked_and_not_for_all_that_was_found(
    operator: Person, alice: Person, bob: Person
) -> None:
    act(operator, "end_sessions", alice, select_across="1")

    assert (alice.get("/api/lists/").status_code, bob.get("/api/lists/").status_code) == (401, 200)


@pytest.mark.parametrize("id_", ["nonsense", "\0", "01a20548-4a5d-73c0-bcb4-770b238268bd"])
def test_an_id_of_nobody_does_nothing(operator: Person, id_: str) -> None:
    answer = operator.post(USERS, data={"action": "disable", "_selected_action": id_})

    assert answer.status_code in {302, 400}


def test_an_ordinary_user_takes_no_action(alice: Person, bob: Person) -> None:
    act(alice, "disable", bob)

    assert bob.get("/api/lists/").status_code == 200


def test_without_its_csrf_token_a_form_does_nothing(operator: Person, alice: Person) -> None:
    del operator.headers["X-CSRFToken"]

    assert act(operator, "disable", alice).status_code == 403
    assert alice.get("/api/lists/").status_code == 200


def test_djangos_own_log_stays_empty(operator: Person, alice: Person) -> None:
    act(operator, "disable", alice)

    assert ask("SELECT count(*) FROM django_admin_log") == 0


# --- the password once more ---------------------------------------------------------------------------


def let_the_password_grow_old(person: Person) -> None:
    with connect() as connection:
        connection.execute(
            "UPDATE core_session SET authenticated_at = now() - interval '16 minutes' WHERE user_id = %s",
            [id_of(person)],
        )


def test_an_old_password_is_asked_for_again_and_then_the_action_works(operator: Person, alice: Person) -> None:
    let_the_password_grow_old(operator)

    asked = act(operator, "disable", alice)
    page = asked.headers["Location"]
    assert page == f"/admin/reauthenticate/?next={USERS.replace('/', '%2F')}"
    assert alice.get("/api/lists/").status_code == 200

    answer = operator.post(page, data={"password": operator.password})
    assert (answer.status_code, answer.headers["Location"]) == (302, USERS)
    act(operator, "disable", alice)
    assert alice.get("/api/lists/").status_code == 401


def test_a_wrong_password_leads_nowhere(operator: Person, alice: Person) -> None:
    let_the_password_grow_old(operator)

    answer = operator.post("/admin/reauthenticate/", data={"password": "not the password"})

    assert "This is not the password of the account." in answer.text
    assert "reauthenticate" in act(operator, "disable", alice).headers["Location"]


@pytest.mark.parametrize("next_", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_nobody_is_led_to_another_site(operator: Person, next_: str) -> None:
    answer = operator.post("/admin/reauthenticate/", params={"next": next_}, data={"password": operator.password})

    assert answer.headers["Location"] == "/admin/"


def test_a_session_that_was_ended_takes_no_action_even_while_its_copy_lives(operator: Person, alice: Person) -> None:
    operator.get("/admin/")
    with connect() as connection:
        connection.execute("DELETE FROM core_session WHERE user_id = %s", [id_of(operator)])

    assert act(operator, "disable", alice).status_code in {302, 401}
    assert alice.get("/api/lists/").status_code == 200


# --- the login page -----------------------------------------------------------------------------------


def log_in(person: Person, password: str) -> requests.Response:
    """Log in as a browser does, by the form of the page."""
    page = person.get("/admin/login/").text
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    given = {"username": person.email.upper(), "password": password, "csrfmiddlewaretoken": token, "next": USERS}
    return person.post("/admin/login/", data=given)


@pytest.fixture
def browser(operator: Person) -> Person:
    """Return the operator before a login."""
    browser = Person("browser")
    browser.email = operator.email
    return browser


def test_an_operator_logs_in_by_the_form(browser: Person) -> None:
    answer = log_in(browser, browser.password)

    assert (answer.status_code, answer.headers["Location"]) == (302, USERS)
    assert browser.get(USERS).status_code == 200


def test_a_wrong_password_and_an_ordinary_user_are_refused_alike(browser: Person, alice: Person) -> None:
    visitor = Person("visitor")
    visitor.email = alice.email

    errors = {
        re.findall(r'class="errornote">\s*(.*?)\s*</p>', log_in(*given).text, re.DOTALL)[0]
        for given in ((browser, "not the password"), (visitor, alice.password))
    }

    assert len(errors) == 1


def test_too_many_wrong_passwords_are_refused_by_a_page_that_says_how_long_to_wait(browser: Person) -> None:
    answers = [log_in(browser, "not the password") for _ in range(25)]

    refused = answers[-1]
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert f"Try again in {refused.headers['Retry-After']} s." in refused.text


def test_who_is_logged_in_is_not_logged_in_again_under_the_same_token(operator: Person) -> None:
    answer = operator.post("/admin/login/", data={"username": operator.email, "password": operator.password})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
    assert "Set-Cookie" not in answer.headers


def test_logging_out_ends_the_session(operator: Person) -> None:
    operator.post("/admin/logout/")

    assert operator.get("/admin/").status_code == 302
