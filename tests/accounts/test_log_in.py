"""Logging in."""

import pytest

from tests.accounts.answers import visible_parts
from tests.accounts.cookies import cookie_attributes, names_of_cookies
from tests.cast import Person
from tests.problems import assert_problem
from tests.processes import app_workers
from tests.rows import ask, disable

SESSIONS = "SELECT count(*) FROM core_session s JOIN core_user u ON u.id = s.user_id WHERE u.email = %s"


def cost_of_login(person: Person, **instead: str) -> float:
    """Return how long the app computes for a failed login, many times over: not how long it takes, which varies."""
    before = computed()
    for _ in range(10):  # as often as one account may be tried
        assert person.log_in(**instead).status_code == 401
    return computed() - before


def computed() -> float:
    return sum(worker.processor_seconds for worker in app_workers())


def test_the_right_password_logs_in(alice: Person, anonymous: Person) -> None:
    anonymous.email = alice.email

    answer = anonymous.log_in()

    assert answer.status_code == 200
    assert anonymous.get("/auth/me/").json() == answer.json()["user"] == alice.get("/auth/me/").json()


def test_a_login_ends_after_thirty_days_at_the_latest(alice: Person) -> None:
    attributes = cookie_attributes(alice.log_in(), "sessionid")

    assert attributes == {"httponly": True, "max-age": "2592000", "path": "/", "samesite": "Lax"}


def test_a_wrong_password_and_an_unknown_address_look_the_same(alice: Person, anonymous: Person) -> None:
    unknown = anonymous.log_in()
    anonymous.email = alice.email
    wrong = anonymous.log_in(password="not her password")

    assert_problem(wrong, 401, "invalid_credentials")
    assert visible_parts(wrong) == visible_parts(unknown)
    assert names_of_cookies(wrong) == names_of_cookies(unknown) == set()


def test_a_closed_account_looks_like_a_wrong_password(alice: Person) -> None:
    wrong = alice.log_in(password="not her password")
    disable(alice)

    assert visible_parts(alice.log_in()) == visible_parts(wrong)


def test_a_login_changes_the_session_and_ends_the_one_before(alice: Person, anonymous: Person) -> None:
    before = alice.cookies["sessionid"]
    alice.log_in()

    assert alice.cookies["sessionid"] != before
    anonymous.cookies.set("sessionid", before)
    assert anonymous.get("/auth/me/").status_code == 401


def test_a_login_leaves_no_row_of_the_session_before(alice: Person) -> None:
    alice.log_in()

    assert ask(SESSIONS, alice.email) == 1


def test_a_failed_login_makes_no_session(alice: Person) -> None:
    alice.log_in(password="not her password")

    assert ask(SESSIONS, alice.email) == 1


def test_no_two_logins_have_the_same_token_and_none_can_be_guessed(alice: Person) -> None:
    tokens = []
    for _ in range(5):
        alice.log_in()
        tokens.append(str(alice.cookies["sessionid"]))

    assert len(set(tokens)) == 5
    assert all(len(token) >= 43 for token in tokens)  # 32 random bytes in base64


def test_an_unknown_address_costs_a_password_hash_too(alice: Person, anonymous: Person) -> None:
    wrong = cost_of_login(alice, password="not her password")

    assert cost_of_login(anonymous) > wrong / 2


def test_a_planted_session_token_is_not_taken_over(alice: Person, anonymous: Person) -> None:
    anonymous.email = alice.email
    anonymous.cookies.set("sessionid", "planted-by-someone-who-waits")
    answer = anonymous.log_in()

    assert "planted-by-someone-who-waits" not in answer.headers["Set-Cookie"]
    assert ask("SELECT count(*) FROM core_session WHERE token_hash = sha256(%s)", b"planted-by-someone-who-waits") == 0


def test_a_login_renews_the_csrf_token(alice: Person) -> None:
    before = alice.headers["X-CSRFToken"]
    alice.log_in()

    refused = alice.post("/api/lists/", json={"name": "Errands"}, headers={"X-CSRFToken": before})

    assert_problem(refused, 403, "csrf_failed")
    assert alice.make_list()


def test_another_device_keeps_its_own_session(alice: Person) -> None:
    phone = alice.on_another_device()

    assert phone.cookies["sessionid"] != alice.cookies["sessionid"]
    assert (alice.get("/auth/me/").status_code, phone.get("/auth/me/").status_code) == (200, 200)


def test_a_failed_login_leaves_the_session_alone(alice: Person) -> None:
    assert alice.log_in(password="not her password").status_code == 401

    assert alice.get("/auth/me/").status_code == 200


def test_the_token_is_stored_only_as_its_hash(alice: Person) -> None:
    token = alice.cookies["sessionid"]

    assert ask("SELECT count(*) FROM core_session WHERE token_hash = sha256(%s)", str(token).encode()) == 1


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 4000, "' OR 1=1 --", "%00"])
def test_a_made_up_session_is_nobodys(anonymous: Person, token: str) -> None:
    answer = anonymous.get("/auth/me/", headers={"Cookie": f"sessionid={token}".encode()})

    assert_problem(answer, 401, "unauthenticated")
