"""Giving an account another address."""

import pytest
import requests

from tests.accounts.answers import visible_parts
from tests.accounts.audit import events_of
from tests.accounts.mailbox import subjects_to, token_for
from tests.cast import Person
from tests.problems import assert_problem


@pytest.fixture
def new_address() -> str:
    return Person("alice-elsewhere").email


def ask_for(person: Person, email: str) -> requests.Response:
    return person.post("/auth/email/change/", json={"email": email})


def confirm(person: Person, token: str) -> requests.Response:
    return person.post("/auth/email/change/confirm/", json={"token": token})


def test_the_address_changes_once_the_new_one_is_confirmed(alice: Person, new_address: str) -> None:
    old = alice.email
    assert ask_for(alice, new_address).status_code == 202
    assert alice.get("/auth/me/").json()["email"] == old

    assert confirm(alice, token_for(new_address)).status_code == 204

    assert alice.log_in().status_code == 401
    assert alice.log_in(email=new_address).json()["user"] | {"id": ""} == {
        "id": "",
        "email": new_address,
        "name": "",
        "time_zone": "UTC",
        "is_verified": True,
    }
    assert subjects_to(old) == ["Your address was changed"]


def test_the_change_ends_what_was_logged_in(alice: Person, new_address: str) -> None:
    alice.get("/api/lists/")
    ask_for(alice, new_address)
    confirm(alice, token_for(new_address))

    assert alice.get("/api/lists/").status_code == 401


def test_both_steps_are_noted(alice: Person, new_address: str) -> None:
    ask_for(alice, new_address)
    assert events_of(alice)[-1] == "email_change_asked"
    confirm(alice, token_for(new_address))
    alice.email = new_address

    assert events_of(alice)[-1] == "email_changed"


def test_a_link_works_once(alice: Person, new_address: str) -> None:
    ask_for(alice, new_address)
    token = token_for(new_address)

    assert [confirm(alice, token).status_code, confirm(alice, token).status_code] == [204, 422]


def test_a_taken_address_looks_like_a_free_one_until_its_owner_confirms(
    alice: Person, bob: Person, new_address: str
) -> None:
    free, taken = ask_for(alice, new_address), ask_for(alice, bob.email)

    assert visible_parts(free) == visible_parts(taken)
    assert_problem(confirm(alice, token_for(bob.email)), 409, "email_taken")
    assert bob.get("/auth/me/").json()["email"] == bob.email


def test_the_link_of_someone_else_changes_nothing_of_mine(alice: Person, bob: Person, new_address: str) -> None:
    ask_for(alice, new_address)

    assert confirm(bob, token_for(new_address)).status_code == 204

    assert bob.get("/auth/me/").json()["email"] == bob.email
    assert alice.log_in(email=new_address).status_code == 200
