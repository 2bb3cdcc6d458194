"""Servers with another REGISTRATION than that of the stack."""

from collections.abc import Iterator

import pytest

from tests.accounts.mailbox import Mailbox
from tests.cast import Person
from tests.servers import second_app


@pytest.fixture(scope="session")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Mailbox:
    return Mailbox(tmp_path_factory.mktemp("mail"))


@pytest.fixture(scope="session")
def verifying_app(mailbox: Mailbox) -> Iterator[str]:
    mail = f"filemail:///{mailbox.folder}"
    with second_app(REGISTRATION="verified", EMAIL_URL=mail, GRANIAN_BLOCKING_THREADS="4") as url:
        yield url


@pytest.fixture(scope="session")
def closed_app() -> Iterator[str]:
    with second_app(REGISTRATION="closed") as url:
        yield url


@pytest.fixture
def newcomer(verifying_app: str) -> Person:
    """Someone at a service that verifies addresses."""
    return Person("newcomer", verifying_app)
