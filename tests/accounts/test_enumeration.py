"""How long an answer takes does not tell whether an address has an account."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
import requests

from tests.cast import Person
from tests.drill import size
from tests.servers import second_app
from tests.stores import FragileRedis, fragile_redis

pytestmark = pytest.mark.drill

ROUNDS = size(10, 300)
# The area under the ROC curve is 0.5 where nothing can be told. Few rounds only show a difference that is plain.
LOWEST, HIGHEST = size(5, 45) / 100, size(95, 55) / 100
Ask = Callable[[Person, str], requests.Response]


@pytest.fixture(scope="module")
def redis() -> Iterator[FragileRedis]:
    with fragile_redis() as redis:
        yield redis


@pytest.fixture(scope="module")
def app(redis: FragileRedis) -> Iterator[str]:
    with second_app(REDIS_URL=redis.url, REGISTRATION="verified") as url:
        yield url


def log_in(visitor: Person, email: str) -> requests.Response:
    return visitor.post("/auth/login/", json={"email": email, "password": "not the password"})


def ask_reset(visitor: Person, email: str) -> requests.Response:
    return visitor.post("/auth/password/reset/", json={"email": email})


def register(visitor: Person, email: str) -> requests.Response:
    return visitor.post("/auth/register/", json={"email": email, "password": visitor.password})


def area_under_curve(one: list[float], other: list[float]) -> float:
    """Return how likely a time of the one is longer than a time of the other."""
    wins = sum((a > b) + 0.5 * (a == b) for a, b in product(one, other))
    return wins / (len(one) * len(other))


@pytest.mark.parametrize(("ask", "status"), [(log_in, 401), (ask_reset, 202), (register, 202)])
def test_an_address_with_an_account_takes_no_longer(redis: FragileRedis, app: str, ask: Ask, status: int) -> None:
    owner, visitor = Person("owner", app), Person("visitor", app)
    assert owner.sign_up().status_code == 202
    visitor.fetch_csrf_token()
    times: dict[bool, list[float]] = {True: [], False: []}

    for number in range(2 * ROUNDS):
        exists = number % 2 == 0
        redis.flush()  # no guess counts here
        answer = ask(visitor, owner.email if exists else Person("nobody").email)
        assert answer.status_code == status
        times[exists].append(answer.elapsed.total_seconds())

    assert LOWEST <= area_under_curve(times[True], times[False]) <= HIGHEST
