"""The cast. The suite runs inside `make test`, which starts the real servers and names them in the environment."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import environ
import pytest
from django.db import connection
from execnet import XSpec
from pytest_django import DjangoDbBlocker

from app.ops.logging import request_id
from local.administration import superuser_url
from local.port import held
from tests.cast import URL, Person, created
from tests.people import SignUp
from tests.stacks import fresh_stacks


def pytest_configure(config: pytest.Config) -> None:
    if not URL:
        pytest.exit("The tests talk to running servers: start them with `make test`.", returncode=1)
    if hasattr(config, "workerinput"):
        os.setsid()  # one of several: Linux shares processors out to sessions first


def pytest_xdist_setupnodes(config: pytest.Config, specs: list[XSpec]) -> None:
    """Give each process that runs tests a stack of its own; the first has the one that `make test` has started."""
    exits = ExitStack()
    config.add_cleanup(exits.close)
    for spec, variables in zip(specs[1:], exits.enter_context(fresh_stacks(len(specs) - 1)), strict=True):
        spec.env.update(variables)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:  # noqa: ARG001 - goes before
    """Let the superuser make the database of pytest-django, and empty it."""
    superuser = environ.Env.db_url_config(superuser_url())
    connection.settings_dict |= {name: superuser[name] for name in ("USER", "PASSWORD")}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:  # noqa: ARG001 - goes before
    """Let the tables be emptied between these tests, which the one of audit events refuses."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER core_audit_event_no_truncate ON core_audit_event")


@pytest.fixture
def anonymous() -> Person:
    return Person("anonymous")


@pytest.fixture(scope="module")
def app() -> str:
    """Return where people sign up; a module whose people use a service of its own has its own fixture of this name."""
    return URL


@pytest.fixture(scope="session")
def first_sign_up() -> SignUp:
    return SignUp()


@pytest.fixture
def sign_up(app: str, first_sign_up: SignUp) -> Callable[[str], Person]:
    def sign_up(name: str) -> Person:
        if app == URL:
            return first_sign_up.again(name)
        person = Person(name, app)
        created(person.sign_up())
        return person

    return sign_up


@pytest.fixture(autouse=True)
def outside_of_requests() -> Iterator[None]:
    """Let no test seem to be a part of a request that another has handled in this process: requests may wait less."""
    yield
    request_id.set("")


@pytest.fixture(scope="session")
def unused_port() -> Iterator[int]:
    """Return a port where nothing listens."""
    with held() as port:
        yield port


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
    created(mallory.sign_up())
    return mallory


@pytest.fixture
def groceries(alice: Person) -> Any:
    return alice.make_list("Groceries")
