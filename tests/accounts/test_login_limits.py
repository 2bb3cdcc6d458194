"""How often a password may be guessed, from one network and from everywhere."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from redis import Redis

from local.waiting import wait_until
from tests.accounts.answers import visible_parts
from tests.accounts.audit import events_of
from tests.accounts.guesses import guess, guess_from_everywhere, patiently, statuses
from tests.accounts.mailbox import subjects_to, token_for
from tests.cast import Person
from tests.drill import size
from tests.problems import assert_problem
from tests.rows import disable
from tests.servers import second_app
from tests.stores import FragileRedis

HOME = "192.0.2.77"
SOON = 20  # seconds
SECOND = 1_000_000  # microseconds
QUARTER = 900 * SECOND


@pytest.fixture(scope="module")
def app(redis: FragileRedis) -> Iterator[str]:
    with second_app(REDIS_URL=redis.url, GRANIAN_WORKERS="2", RATE_LIMIT_EXEMPT="127.0.0.1 192.0.2.1") as url:
        yield url


@pytest.fixture(autouse=True)
def _no_guesses_yet(redis: FragileRedis) -> None:
    redis.flush()


def nobody() -> str:
    return f"nobody-{uuid4().hex}@example.org"


def microseconds(redis: Redis) -> int:
    seconds, rest = redis.time()
    return int(seconds) * SECOND + int(rest)


def buckets(redis: FragileRedis, limit: str) -> list[bytes]:
    return [key for key in redis.client.keys("{limit}:" + limit + ":*") if isinstance(key, bytes)]


def leave_to_wait(redis: FragileRedis, limit: str, seconds: float, interval: float) -> None:
    """Let the only bucket of a limit be so empty that it has one more after that many seconds."""
    [key] = buckets(redis, limit)
    full_at = microseconds(redis.client) + QUARTER + int((seconds - interval) * SECOND)
    redis.client.set(key, full_at, keepttl=True)


def test_of_a_hundred_guesses_at_once_from_a_hundred_networks_ten_are_looked_at(app: str, alice: Person) -> None:
    answers = guess_from_everywhere(app, alice.email, 100)

    assert statuses(answers) == {401: 10, 429: 90}
    assert all(80 <= int(answer.headers["Retry-After"]) <= 90 for answer in answers if answer.status_code == 429)


def test_an_account_that_does_not_exist_is_limited_in_the_same_way(app: str) -> None:
    assert statuses(guess_from_everywhere(app, nobody(), 30)) == {401: 10, 429: 20}


def test_a_refusal_does_not_tell_whether_there_is_an_account(redis: FragileRedis, app: str, alice: Person) -> None:
    refusals = []
    for email in (alice.email, nobody()):
        redis.flush()
        guess(app, email)
        leave_to_wait(redis, "login-account", 42.5, interval=90)
        refusals.append(guess(app, email))

    assert_problem(refusals[0], 429, "rate_limited")
    assert visible_parts(refusals[0]) == visible_parts(refusals[1])


def test_the_right_password_is_refused_too_once_there_were_too_many_guesses(app: str, alice: Person) -> None:
    guess_from_everywhere(app, alice.email, 10)

    assert_problem(guess(app, alice.email, password=alice.password), 429, "rate_limited")


def test_another_spelling_of_the_address_is_the_same_account(app: str, alice: Person) -> None:
    guess_from_everywhere(app, alice.email, 10)

    assert guess(app, f" {alice.email.upper()}").status_code == 429


def test_logins_do_not_count(app: str, alice: Person) -> None:
    answers = [guess(app, alice.email, password=alice.password) for _ in range(20)]

    assert statuses(answers) == {200: 20}


def test_a_login_takes_no_guess_back(app: str, alice: Person) -> None:
    guess_from_everywhere(app, alice.email, 9)
    assert guess(app, alice.email, password=alice.password).status_code == 200

    assert statuses(guess_from_everywhere(app, alice.email, 5)) == {401: 1, 429: 4}


@pytest.mark.drill
@pytest.mark.parametrize("then", ["still logged in", "logged out"])
def test_while_others_guess_the_owner_logs_in_from_where_she_was_before(app: str, alice: Person, then: str) -> None:
    alice.headers["X-Real-IP"] = HOME
    assert alice.log_in().status_code == 200
    if then == "logged out":
        alice.log_out()
    over, logins_of_owner = Event(), size(3, 20)

    def attack(number: int) -> list[int]:
        found: list[int] = []
        while not over.is_set():
            found.append(guess(app, alice.email, f"10.{number}.{len(found) % 250}.1").status_code)
        return found

    with ThreadPoolExecutor(4) as attackers:
        attacks = [attackers.submit(attack, number) for number in range(4)]
        wait_until(lambda: guess(app, alice.email, "10.9.9.9").status_code == 429, SOON, "nobody is refused")
        logins = [patiently(alice.log_in).status_code for _ in range(logins_of_owner)]
        elsewhere = guess(app, alice.email, "198.51.100.1", password=alice.password).status_code
        over.set()

    assert logins == [200] * logins_of_owner
    assert elsewhere == 429
    assert 401 in statuses_of(attacks)
    assert 429 in statuses_of(attacks)


def statuses_of(attacks: list[Future[list[int]]]) -> set[int]:
    return {status for attack in attacks for status in attack.result()}


def test_retry_after_is_when_the_next_guess_is_free(redis: FragileRedis, app: str) -> None:
    email = nobody()
    guess(app, email)

    leave_to_wait(redis, "login-account", 42.5, interval=90)
    refused = guess(app, email)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "43")
    assert refused.json()["detail"] == "Too many attempts. Try again in 43 s."

    leave_to_wait(redis, "login-account", 0, interval=90)
    assert [guess(app, email).status_code for _ in range(2)] == [401, 429]


def test_one_network_may_guess_fifty_times_at_whatever_accounts(app: str) -> None:
    answers = [guess(app, nobody(), f"198.51.100.{n}") for n in range(60)]

    assert statuses(answers) == {401: 50, 429: 10}
    assert {answer.status_code for answer in answers[:50]} == {401}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 18 for answer in answers[50:])


def test_a_login_does_not_clear_its_network(redis: FragileRedis, app: str, alice: Person) -> None:
    guess(app, nobody())
    leave_to_wait(redis, "login-network", 0, interval=18)

    assert guess(app, alice.email, password=alice.password).status_code == 200

    assert [guess(app, nobody()).status_code for _ in range(2)] == [401, 429]


def test_a_guess_that_its_network_is_refused_does_not_count_against_the_account(redis: FragileRedis, app: str) -> None:
    guess(app, nobody())
    leave_to_wait(redis, "login-network", 10, interval=18)
    email = nobody()

    assert statuses(guess(app, email) for _ in range(5)) == {429: 5}

    assert statuses(guess_from_everywhere(app, email, 15)) == {401: 10, 429: 5}


def test_an_exempt_address_is_free_of_the_limit_of_its_network_alone(redis: FragileRedis, app: str) -> None:
    email = nobody()
    guess(app, nobody(), "192.0.2.7")
    leave_to_wait(redis, "login-network", 10, interval=18)

    assert guess(app, email, "192.0.2.7").status_code == 429
    assert statuses(guess(app, email, "192.0.2.1") for _ in range(12)) == {401: 10, 429: 2}


def test_all_addresses_of_a_household_are_one_network(redis: FragileRedis, app: str) -> None:
    guess(app, nobody(), "2001:db8:0:7::1")
    leave_to_wait(redis, "login-network", 10, interval=18)

    assert guess(app, nobody(), "2001:db8:0:7:ffff::2").status_code == 429
    assert guess(app, nobody(), "2001:db8:0:8::1").status_code == 401


def test_a_flushed_redis_begins_to_count_anew(redis: FragileRedis, app: str) -> None:
    email = nobody()
    guess_from_everywhere(app, email, 15)

    redis.flush()

    assert statuses(guess_from_everywhere(app, email, 15)) == {401: 10, 429: 5}


@pytest.mark.parametrize("planted", ["", "soon", "-1", "4102444800000000", "9" * 30])
def test_rubbish_in_redis_locks_nobody_out_for_long(redis: FragileRedis, app: str, planted: str) -> None:
    email = nobody()
    guess(app, email)
    for key in buckets(redis, "*"):
        redis.client.set(key, planted)

    answer = guess(app, email)

    assert answer.status_code == 401 or 1 <= int(answer.headers["Retry-After"]) <= 90


def test_redis_learns_no_address_and_forgets_what_no_longer_counts(redis: FragileRedis, app: str) -> None:
    email = nobody()
    guess(app, email)

    keys = buckets(redis, "*")

    assert len(keys) == 2
    assert not [key for key in keys if email.encode() in key or b"203.0.113" in key]
    assert all(0 < int(str(redis.client.pttl(key))) <= 90_000 for key in keys)


def test_who_resets_the_password_is_at_home_there_too(app: str, alice: Person) -> None:
    alice.headers["X-Real-IP"] = "198.51.100.9"
    alice.post("/auth/password/reset/", json={"email": alice.email})
    new = {"token": token_for(alice.email), "password": "another horse battery staple"}
    assert alice.post("/auth/password/reset/confirm/", json=new).status_code == 204
    guess_from_everywhere(app, alice.email, 15)

    assert guess(app, alice.email, "198.51.100.10", password="another horse battery staple").status_code == 200


def test_the_right_password_of_a_closed_account_counts_like_a_wrong_one(app: str, alice: Person) -> None:
    disable(alice)

    answers = [guess(app, alice.email, f"10.1.{n}.1", password=alice.password) for n in range(12)]

    assert statuses(answers) == {401: 10, 429: 2}


def test_letters_of_one_kind_do_not_use_up_another(app: str, alice: Person) -> None:
    bob = Person("bob", app)
    bob.sign_up()
    for _ in range(6):
        bob.post("/auth/email/change/", json={"email": alice.email})

    alice.post("/auth/password/reset/", json={"email": alice.email})

    assert "Choose a new password" in subjects_to(alice.email)


def test_nobody_mails_strangers_without_end(alice: Person) -> None:
    answers = [alice.post("/auth/email/change/", json={"email": nobody()}) for _ in range(12)]

    assert statuses(answers) == {202: 10, 429: 2}


def test_the_audit_hears_once_that_an_account_is_limited(app: str, alice: Person) -> None:
    guess_from_everywhere(app, alice.email, 30)

    assert events_of(alice).count("login_limited") == 1
