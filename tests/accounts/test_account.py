"""What an account is called, and its end."""

from typing import Any

import pytest

from tests.accounts.audit import events_of
from tests.accounts.mailbox import subjects_to
from tests.cast import Person, created
from tests.problems import assert_problem
from tests.rows import ask, is_known


def test_name_and_time_zone_can_be_changed(alice: Person) -> None:
    changed = alice.patch("/auth/me/", json={"name": "Alice", "time_zone": "Europe/Rome"}).json()

    assert (changed["name"], changed["time_zone"]) == ("Alice", "Europe/Rome")
    assert alice.get("/auth/me/").json() == changed
    assert events_of(alice)[-1] == "account_changed"


def test_a_change_shows_on_every_device_at_once(alice: Person) -> None:
    phone = alice.on_another_device()
    phone.get("/api/lists/")

    alice.patch("/auth/me/", json={"name": "Alice"})

    assert phone.get("/auth/me/").json()["name"] == "Alice"


def test_what_is_not_given_stays(alice: Person) -> None:
    alice.patch("/auth/me/", json={"name": "Alice"})

    assert alice.patch("/auth/me/", json={"time_zone": "Asia/Tokyo"}).json()["name"] == "Alice"


@pytest.mark.parametrize(
    "other",
    [
        {"email": "mallory@example.org"},
        {"is_verified": True},
        {"is_staff": True},
        {"is_active": False},
        {"revision": 0},
        {"password": "another horse battery staple"},
        {"id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910"},
    ],
    ids=lambda body: next(iter(body)),
)
def test_nothing_else_can_be_changed_that_way(alice: Person, other: Any) -> None:
    before = alice.get("/auth/me/").json()

    assert_problem(alice.patch("/auth/me/", json=other), 422, "invalid", *[f"/{name}" for name in other])

    assert alice.get("/auth/me/").json() == before
    assert ask("SELECT is_staff FROM core_user WHERE email = %s", alice.email) is False


def test_deleting_an_account_deletes_all_that_is_in_it(alice: Person, bob: Person) -> None:
    alice.make_todo(alice.make_list())
    alice.make_token()
    owner = ask("SELECT id FROM core_user WHERE email = %s", alice.email)

    assert alice.delete("/auth/me/").status_code == 204

    assert not is_known(alice.email)
    left = """
        SELECT (SELECT count(*) FROM core_list WHERE user_id = %(id)s) +
               (SELECT count(*) FROM core_todo WHERE user_id = %(id)s) +
               (SELECT count(*) FROM core_api_token WHERE user_id = %(id)s) +
               (SELECT count(*) FROM core_session WHERE user_id = %(id)s)
    """
    assert ask(left.replace("%(id)s", f"'{owner}'")) == 0
    assert subjects_to(alice.email) == ["Your account was deleted"]
    assert ask("SELECT event FROM core_audit_event WHERE user_id = %s ORDER BY id DESC", owner) == "account_deleted"
    assert bob.get("/auth/me/").status_code == 200


def test_after_it_the_cookie_is_gone_and_the_address_free(alice: Person) -> None:
    alice.delete("/auth/me/")

    assert "sessionid" not in alice.cookies
    assert alice.log_in().status_code == 401
    created(alice.sign_up())
