"""Nobody learns from the time of an answer whether an address has an account."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from tests.accounts.guesses import patiently
from tests.accounts.mailserver import mail_server
from tests.accounts.post import PostOffice, post_office
from tests.accounts.timing import Comparison, compare
from tests.cast import Person
from tests.drill import size

TIMES = size(20, 600)  # by chance alone, the AUC of 600 of each kind is within 0.45 and 0.55 in 997 of 1,000 runs
ACCOUNTS = TIMES // 4  # with the mail of their sign-up, none reaches the limits of 5 mails and 10 wrong passwords
Ask = Callable[[Person, str], requests.Response]


@pytest.fixture(scope="module")
def office() -> Iterator[PostOffice]:
    with post_office(REGISTRATION="verified", GRANIAN_BLOCKING_THREADS="4") as office:
        yield office


@pytest.fixture
def people(office: PostOffice) -> list[str]:
    """Return the addresses of people who have an account."""
    return [office.person(f"person-{number}").email for number in range(ACCOUNTS)]


@pytest.fixture
def client(office: PostOffice) -> Person:
    client = Person("client", office.app)
    client.fetch_csrf_token()
    return client


def ask_reset(client: Person, email: str) -> requests.Response:
    return client.post("/auth/password/reset/", json={"email": email})


def guess(client: Person, email: str) -> requests.Response:
    return patiently(lambda: client.post("/auth/login/", json={"email": email, "password": "not the password"}))


def sign_up(client: Person, email: str) -> requests.Response:
    return patiently(lambda: client.post("/auth/register/", json={"email": email, "password": "a password of mine"}))


def tell_apart(client: Person, ask: Ask, people: list[str]) -> Comparison:
    """Compare requests for those who have an account and for those who have none."""
    strangers = [f"stranger-{number}-{uuid4().hex}@example.org" for number in range(TIMES)]
    known = [email for email, _ in zip(cycle(people), range(TIMES), strict=False)]
    return compare(lambda n: ask(client, known[n]), lambda n: ask(client, strangers[n]), TIMES)


def assert_nothing_is_learnt(comparison: Comparison) -> None:
    print(comparison)  # noqa: T201 - pytest shows it with -rP, and where the test fails
    if os.environ.get("DRILL"):  # fewer requests differ by chance
        assert 0.45 < comparison.auc < 0.55, comparison


@pytest.mark.drill
@pytest.mark.timeout(300)
@pytest.mark.parametrize("is_up", [True, False], ids=["a mail server", "none that answers"])
def test_a_forgotten_password(
    office: PostOffice, people: list[str], client: Person, tmp_path: Path, *, is_up: bool
) -> None:
    with office.postman(tmp_path / "log"), ExitStack() as exits:
        if is_up:
            exits.enter_context(mail_server(office.port))
        assert_nothing_is_learnt(tell_apart(client, ask_reset, people))


@pytest.mark.drill
@pytest.mark.timeout(300)
def test_a_login_with_a_wrong_password(people: list[str], client: Person) -> None:
    assert_nothing_is_learnt(tell_apart(client, guess, people))


@pytest.mark.drill
@pytest.mark.timeout(300)
def test_signing_up(people: list[str], client: Person) -> None:
    assert_nothing_is_learnt(tell_apart(client, sign_up, people))
