"""A password that was forgotten."""

import pytest
import requests

from tests.accounts.answers import visible_parts
from tests.accounts.audit import events_of
from tests.accounts.mailbox import letters_to, subjects_to, text_of, token_for
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, disable

NEW = "another horse battery staple"
EXPIRE = """
UPDATE core_mailed_token SET expires_at = now()
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""


def forget(person: Person, email: str = "") -> requests.Response:
    person.fetch_csrf_token()
    return person.post("/auth/password/reset/", json={"email": email or person.email})


def reset(person: Person, token: str, password: str = NEW) -> requests.Response:
    return person.post("/auth/password/reset/confirm/", json={"token": token, "password": password})


def test_the_link_of_the_mail_sets_a_new_password(alice: Person, anonymous: Person) -> None:
    assert forget(anonymous, alice.email).status_code == 202

    assert reset(anonymous, token_for(alice.email)).status_code == 204

    anonymous.email = alice.email
    assert [anonymous.log_in().status_code, anonymous.log_in(password=NEW).status_code] == [401, 200]
    assert subjects_to(alice.email) == ["Choose a new password", "Your password was changed"]
    assert "password_reset" in events_of(alice)


def test_an_address_without_an_account_looks_the_same_and_gets_no_mail(alice: Person, anonymous: Person) -> None:
    known, unknown = forget(anonymous, alice.email), forget(anonymous)

    assert visible_parts(known) == visible_parts(unknown)
    assert len(letters_to(alice.email)) == 1
    assert letters_to(anonymous.email) == []


def test_the_mail_goes_to_the_address_of_the_account_and_not_to_its_other_spelling(
    alice: Person, anonymous: Person
) -> None:
    forget(anonymous, f" {alice.email.upper()} ")

    [letter] = letters_to(alice.email)
    assert "/#reset=" in text_of(letter)


def test_whoever_was_logged_in_is_logged_out(alice: Person, anonymous: Person) -> None:
    alice.get("/api/lists/")
    forget(anonymous, alice.email)

    reset(anonymous, token_for(alice.email))

    assert alice.get("/api/lists/").status_code == 401
    assert not anonymous.cookies.get("sessionid")


def test_a_link_works_once(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)
    token = token_for(alice.email)

    assert reset(anonymous, token).status_code == 204
    assert_problem(reset(anonymous, token, "a third horse battery staple"), 422, "invalid_token")


def test_a_link_ends_with_the_next_one(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)
    first = token_for(alice.email)
    forget(anonymous, alice.email)

    assert token_for(alice.email) != first
    assert_problem(reset(anonymous, first), 422, "invalid_token")


def test_a_link_ends_after_an_hour(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)
    token = token_for(alice.email)
    ask(EXPIRE, alice.email)

    assert_problem(reset(anonymous, token), 422, "invalid_token")


def test_a_link_ends_with_a_change_of_the_password(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)
    token = token_for(alice.email)
    change = {"current_password": alice.password, "new_password": "a third horse battery staple"}
    assert alice.post("/auth/password/change/", json=change).status_code == 200

    assert_problem(reset(anonymous, token), 422, "invalid_token")


def test_a_link_for_something_else_is_none_for_this(alice: Person, anonymous: Person) -> None:
    alice.post("/auth/email/change/", json={"email": anonymous.email})
    anonymous.fetch_csrf_token()

    assert_problem(reset(anonymous, token_for(anonymous.email)), 422, "invalid_token")


def test_a_weak_password_is_refused_and_the_link_stays_good(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)
    token = token_for(alice.email)

    assert_problem(reset(anonymous, token, "short"), 422, "invalid", "/password")

    assert reset(anonymous, token).status_code == 204


def test_a_token_is_stored_only_as_its_hash(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)

    stored = "SELECT count(*) FROM core_mailed_token WHERE token_hash = sha256(%s::bytea)"
    assert ask(stored, token_for(alice.email)) == 1


def test_a_closed_account_gets_no_link_and_a_link_from_before_opens_nothing(alice: Person, anonymous: Person) -> None:
    forget(anonymous, alice.email)
    token = token_for(alice.email)
    disable(alice)
    forget(anonymous, alice.email)

    assert len(letters_to(alice.email)) == 1
    reset(anonymous, token)
    anonymous.email = alice.email
    assert {anonymous.log_in(password=password).status_code for password in (NEW, alice.password)} == {401}


def test_an_unverified_account_stays_so_and_is_mailed_the_link_it_lacks(newcomer: Person) -> None:
    newcomer.sign_up()
    forget(newcomer)

    assert reset(newcomer, token_for(newcomer.email)).status_code == 204

    assert newcomer.log_in(password=NEW).status_code == 401
    assert subjects_to(newcomer.email)[-1] == "Confirm your address"
    newcomer.post("/auth/email/verify/", json={"token": token_for(newcomer.email)})
    assert newcomer.log_in(password=NEW).status_code == 200


@pytest.mark.parametrize("email", ["", "nobody", "@example.org", "a@b@c", "a\r\nBcc: b@example.org"])
def test_what_is_no_address_is_told_so(anonymous: Person, email: str) -> None:
    anonymous.fetch_csrf_token()
    answer = anonymous.post("/auth/password/reset/", json={"email": email})

    assert_problem(answer, 422, "invalid", "/email")


def test_nobodys_mailbox_can_be_flooded(alice: Person, anonymous: Person) -> None:
    statuses = {forget(anonymous, alice.email).status_code for _ in range(8)}

    assert statuses == {202}
    assert len(letters_to(alice.email)) == 5
