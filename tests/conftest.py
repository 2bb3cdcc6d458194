"""The cast. The suite runs inside `make test`, which starts the real servers and names them in the environment."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import URL, Person


def pytest_configure() -> None:
    if not URL:
        pytest.exit("The tests talk to running servers: start them with `make test`.", returncode=1)


@pytest.fixture
def anonymous() -> Person:
    return Person("anonymous")


@pytest.fixture(scope="module")
def app() -> str:
    """Return where people sign up; a module whose people use a service of its own has its own fixture of this name."""
    return URL


@pytest.fixture
def sign_up(app: str) -> Callable[[str], Person]:
    def sign_up(name: str) -> Person:
        person = Person(name, app)
        answer = person.sign_up()
        assert answer.status_code == 201, answer.text
        return person

    return sign_up


@pytest.fixture
def alice(sign_up: Callable[[str], Person]) -> Person:
    return sign_up("alice")


@pytest.fixture
def bob(sign_up: Callable[[str], Person]) -> Person:
    return sign_up("bob")


@pytest.fixture(scope="session")
def mallory() -> Person:
    """Someone whose requests are all refused, so that one account does for many tests."""
    mallory = Person("mallory")
    assert mallory.sign_up().ok
    return mallory


@pytest.fixture
def groceries(alice: Person) -> Any:
    return alice.make_list("Groceries")
