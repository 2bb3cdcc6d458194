"""Making an account."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.accounts.cookies import cookie_attributes
from tests.accounts.guesses import patiently
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, is_known

MONTH = str(30 * 24 * 3600)


def test_signing_up_logs_in(anonymous: Person) -> None:
    answer = anonymous.sign_up(name="Alice", time_zone="Europe/Rome")

    assert answer.status_code == 201
    assert anonymous.get("/auth/me/").json() == answer.json()["user"]


def test_a_new_account_shows_what_was_given_and_no_more(anonymous: Person) -> None:
    user = anonymous.sign_up(name="Alice", time_zone="Europe/Rome").json()["user"]

    assert user == {
        "id": user["id"],
        "email": anonymous.email,
        "name": "Alice",
        "time_zone": "Europe/Rome",
        "is_verified": False,
    }


def test_an_account_needs_neither_name_nor_time_zone(anonymous: Person) -> None:
    user = anonymous.sign_up().json()["user"]

    assert (user["name"], user["time_zone"]) == ("", "UTC")


@pytest.mark.parametrize("name", ["Zoë 🐈‍⬛", "محمد علي", "x" * 200])
def test_a_name_comes_back_as_it_was_typed(anonymous: Person, name: str) -> None:
    assert anonymous.sign_up(name=name).json()["user"]["name"] == name


def test_the_session_cookie_is_for_this_site_alone_and_out_of_reach_of_scripts(anonymous: Person) -> None:
    answer = anonymous.sign_up()

    assert cookie_attributes(answer, "sessionid") == {
        "httponly": True,
        "max-age": MONTH,
        "path": "/",
        "samesite": "Lax",
    }


def test_signing_up_renews_the_csrf_token(anonymous: Person) -> None:
    before = anonymous.fetch_csrf_token()
    answer = anonymous.post("/auth/register/", json=anonymous.credentials)

    assert anonymous.post("/api/lists/", json={"name": "Errands"}, headers={"X-CSRFToken": before}).status_code == 403
    renewed = {"X-CSRFToken": answer.json()["csrf_token"]}
    assert anonymous.post("/api/lists/", json={"name": "Errands"}, headers=renewed).status_code == 201


def test_a_password_is_kept_only_as_an_argon2id_hash(alice: Person) -> None:
    kept = ask("SELECT password FROM core_user WHERE email = %s", alice.email)

    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_taken_address_is_refused(alice: Person, anonymous: Person) -> None:
    anonymous.email = alice.email

    assert_problem(anonymous.sign_up(), 409, "email_taken")


def test_twenty_sign_ups_with_one_address_at_once_make_one_account(anonymous: Person) -> None:
    def sign_up(_: int) -> int:
        person = Person("twin")
        person.email = anonymous.email
        return patiently(person.sign_up).status_code  # a password is hashed before the address turns out to be taken

    with ThreadPoolExecutor(20) as crowd:
        statuses = sorted(crowd.map(sign_up, range(20)))

    assert statuses == [201] + [409] * 19
    assert ask("SELECT count(*) FROM core_user WHERE email = %s", anonymous.email) == 1


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "europe/rome", 1])
def test_a_time_zone_that_does_not_exist_is_refused(anonymous: Person, zone: object) -> None:
    assert_problem(anonymous.sign_up(time_zone=zone), 422, "invalid", "/time_zone")
    assert not is_known(anonymous.email)


def test_all_faults_are_named_at_once(anonymous: Person) -> None:
    anonymous.fetch_csrf_token()

    answer = anonymous.post("/auth/register/", json={"email": "nobody", "name": 5, "is_verified": True})

    assert_problem(answer, 422, "invalid", "/email", "/is_verified", "/name", "/password")
