"""Logging out."""

from typing import Any

from tests.accounts.cookies import cookie_attributes
from tests.cast import Person
from tests.problems import assert_problem


def test_logging_out_removes_the_cookie(alice: Person) -> None:
    answer = alice.log_out()

    assert (answer.status_code, answer.content) == (204, b"")
    assert "sessionid" not in alice.cookies


def test_a_cookie_kept_from_before_is_worth_nothing(alice: Person, anonymous: Person) -> None:
    anonymous.cookies.update(alice.cookies)
    assert anonymous.get("/auth/me/").status_code == 200

    alice.log_out()

    answer = anonymous.get("/auth/me/")
    assert_problem(answer, 401, "unauthenticated")
    assert anonymous.get("/api/todos/").status_code == 401


def test_logging_out_without_a_session_is_fine(anonymous: Person) -> None:
    anonymous.fetch_csrf_token()

    assert anonymous.log_out().status_code == 204


def test_logging_out_twice_is_fine(alice: Person) -> None:
    assert [alice.log_out().status_code, alice.log_out().status_code] == [204, 204]


def test_another_device_stays_logged_in(alice: Person) -> None:
    phone = alice.on_another_device()

    alice.log_out()

    assert phone.get("/auth/me/").status_code == 200


def test_what_was_written_is_there_after_the_next_login(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries, due_date="2026-12-24")
    alice.log_out()
    alice.log_in()

    assert alice.lists() == [groceries]
    assert alice.get("/api/todos/").json()["results"] == [todo]


def test_the_cookie_is_taken_back_where_it_was_set(alice: Person) -> None:
    attributes = cookie_attributes(alice.log_out(), "sessionid")

    assert (attributes["path"], attributes["samesite"]) == ("/", "Lax")
