"""What changes a credential ends all that rested on the old one, by the next request."""

from collections.abc import Callable

import pytest

from tests.accounts.mailbox import token_for
from tests.accounts.test_api_tokens import program
from tests.cast import PASSWORD, Person
from tests.rows import disable

NEW = "another horse battery staple"


def change_password(alice: Person) -> None:
    given = {"current_password": PASSWORD, "new_password": NEW}
    assert alice.post("/auth/password/change/", json=given).ok


def reset_password(alice: Person) -> None:
    alice.post("/auth/password/reset/", json={"email": alice.email})
    given = {"token": token_for(alice.email), "password": NEW}
    assert alice.post("/auth/password/reset/confirm/", json=given).ok


def change_email(alice: Person) -> None:
    address = Person("alice-elsewhere").email
    alice.post("/auth/email/change/", json={"email": address})
    assert alice.post("/auth/email/change/confirm/", json={"token": token_for(address)}).ok


def delete_account(alice: Person) -> None:
    assert alice.delete("/auth/me/").ok


EVENTS = [change_password, reset_password, change_email, disable, delete_account]


@pytest.fixture
def warm_phone(alice: Person) -> Person:
    """Another device, whose session has a copy."""
    phone = alice.on_another_device()
    assert phone.get("/api/lists/").status_code == 200
    return phone


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_session_on_another_device_ends(alice: Person, warm_phone: Person, event: Callable[[Person], None]) -> None:
    event(alice)

    assert warm_phone.get("/api/lists/").status_code == 401


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_api_token_ends(alice: Person, event: Callable[[Person], None]) -> None:
    script = program(alice.make_token()["token"])
    assert script.get("/api/lists/").status_code == 200

    event(alice)

    assert script.get("/api/lists/").status_code == 401


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_the_token_of_the_session_itself_ends(
    alice: Person, anonymous: Person, event: Callable[[Person], None]
) -> None:
    anonymous.cookies["sessionid"] = alice.cookies["sessionid"]
    assert anonymous.get("/api/lists/").status_code == 200

    event(alice)

    assert anonymous.get("/api/lists/").status_code == 401
