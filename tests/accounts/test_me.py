"""Who I am."""

from tests.cast import Person
from tests.problems import assert_problem


def test_my_account_holds_no_secret(alice: Person) -> None:
    assert alice.get("/auth/me/").json().keys() == {"id", "email", "name", "time_zone", "is_verified"}


def test_a_visitor_is_told_how_to_log_in(anonymous: Person) -> None:
    answer = anonymous.get("/auth/me/")

    assert_problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == 'Session realm="doable", Bearer realm="doable"'


def test_nothing_of_an_account_is_kept_by_a_cache(alice: Person) -> None:
    assert alice.get("/auth/me/").headers["Cache-Control"] == "no-store"


def test_each_sees_only_themselves(alice: Person, bob: Person) -> None:
    assert alice.get("/auth/me/").json()["email"] == alice.email
    assert bob.get("/auth/me/").json()["email"] == bob.email
