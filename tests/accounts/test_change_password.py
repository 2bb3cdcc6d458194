"""Changing the password."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.accounts.audit import events_of
from tests.accounts.mailbox import subjects_to
from tests.cast import PASSWORD, Person
from tests.problems import assert_problem

NEW = "another horse battery staple"


def change(person: Person, **instead: str) -> requests.Response:
    given = {"current_password": PASSWORD, "new_password": NEW, **instead}
    return person._keep_token(person.post("/auth/password/change/", json=given))  # noqa: SLF001 - a login of its own


def test_the_new_password_logs_in_and_the_old_one_does_not(alice: Person, anonymous: Person) -> None:
    assert change(alice).status_code == 200

    anonymous.email = alice.email
    assert [anonymous.log_in().status_code, anonymous.log_in(password=NEW).status_code] == [401, 200]


def test_this_session_goes_on_under_a_new_token(alice: Person) -> None:
    old = alice.cookies["sessionid"]

    change(alice)

    assert alice.get("/auth/me/").status_code == 200
    assert alice.make_list()
    alice.cookies["sessionid"] = old
    assert alice.get("/api/lists/").status_code == 401


def test_the_owner_is_told_by_mail(alice: Person) -> None:
    change(alice)

    assert subjects_to(alice.email) == ["Your password was changed"]
    assert events_of(alice)[-1] == "password_changed"


def test_the_current_password_is_needed(alice: Person) -> None:
    assert_problem(change(alice, current_password="not her password"), 422, "invalid", "/current_password")

    assert alice.log_in().status_code == 200


@pytest.mark.parametrize("weak", ["short", "passwordpassword", "x" * 1025])
def test_the_new_password_has_to_be_a_good_one(alice: Person, weak: str) -> None:
    assert_problem(change(alice, new_password=weak), 422, "invalid", "/new_password")

    assert alice.log_in().status_code == 200


def test_of_two_changes_at_once_one_holds_and_the_other_is_told(alice: Person) -> None:
    phone = alice.on_another_device()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(change, alice, new_password=NEW)
        second = threads.submit(change, phone, new_password="a third horse battery staple")

    statuses = sorted(answer.result().status_code for answer in (first, second))
    assert statuses[0] == 200
    assert statuses[1] in {401, 422}
    winner = NEW if first.result().ok else "a third horse battery staple"
    assert Person.log_in(alice, password=winner).status_code == 200
