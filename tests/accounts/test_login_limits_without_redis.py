"""A password can't be guessed faster because Redis is gone."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from local.waiting import wait_until
from tests.accounts.guesses import guess, guess_from_everywhere, statuses
from tests.cast import Person
from tests.servers import second_app
from tests.stores import FragileRedis, fragile_redis


@pytest.fixture
def redis() -> Iterator[FragileRedis]:
    with fragile_redis() as redis:
        yield redis


@pytest.fixture
def app(redis: FragileRedis) -> Iterator[str]:
    with second_app(REDIS_URL=redis.url, GRANIAN_WORKERS="2") as url:
        yield url


def test_two_processes_without_redis_look_at_no_more_guesses_than_with_it(
    redis: FragileRedis, app: str, alice: Person
) -> None:
    redis.kill()

    found = statuses(guess_from_everywhere(app, alice.email, 40))

    assert 5 <= found[401] <= 10
    assert found[429] == 40 - found[401]


def test_guesses_that_redis_counted_still_count_when_it_is_gone(redis: FragileRedis) -> None:
    email = f"nobody-{uuid4().hex}@example.org"
    with second_app(REDIS_URL=redis.url, GRANIAN_WORKERS="1") as app:
        assert statuses(guess_from_everywhere(app, email, 12)) == {401: 10, 429: 2}
        redis.kill()

        assert statuses(guess_from_everywhere(app, email, 12)) == {429: 12}


def test_a_frozen_redis_limits_no_less_and_logins_work(redis: FragileRedis, app: str, alice: Person) -> None:
    redis.freeze()

    assert statuses(guess(app, alice.email, password=alice.password) for _ in range(12)) == {200: 12}
    found = statuses(guess_from_everywhere(app, alice.email, 40))

    assert 5 <= found[401] <= 10
    assert found[429] == 40 - found[401]


def test_a_redis_that_is_back_counts_again(redis: FragileRedis, app: str) -> None:
    redis.kill()
    guess_from_everywhere(app, f"nobody-{uuid4().hex}@example.org", 12)
    redis.start()

    def is_counted() -> bool:
        redis.flush()
        guess(app, f"nobody-{uuid4().hex}@example.org")
        return bool(redis.client.keys("{limit}:login-account:*"))

    wait_until(lambda: all(is_counted() for _ in range(10)), 20, "the processes don't come back to Redis")

    email = f"nobody-{uuid4().hex}@example.org"
    assert statuses(guess_from_everywhere(app, email, 15)) == {401: 10, 429: 5}
