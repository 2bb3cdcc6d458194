"""People who are made for the tests have what people have who sign up."""

from collections.abc import Callable
from typing import Any

from tests.cast import Person, created
from tests.people import left_by

OWN = {"id", "user_id", "session_id", "email", "password", "token_hash", "_auth_user_id", "_auth_user_hash"}
OF_THE_REQUEST = {"request_id", "position"}  # the place of a new list comes from the time


def in_common(value: Any, name: str = "") -> Any:
    """Return rows without what each person has of their own, of which only the kind is left."""
    if isinstance(value, dict):
        return {name: in_common(member, name) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [in_common(member) for member in value]
    return type(value) if name in OWN | OF_THE_REQUEST or name.endswith("_at") else value


def test_what_a_sign_up_leaves_is_left_again(sign_up: Callable[[str], Person], anonymous: Person) -> None:
    alice = sign_up("alice")
    created(anonymous.sign_up())

    assert in_common(left_by(alice)) == in_common(left_by(anonymous))
    assert sorted(alice.cookies.keys()) == sorted(anonymous.cookies.keys())


def test_the_password_of_the_first_is_that_of_all(sign_up: Callable[[str], Person]) -> None:
    assert sign_up("alice").log_in().ok


def test_nobody_has_the_csrf_token_of_another(sign_up: Callable[[str], Person]) -> None:
    alice, bob = sign_up("alice"), sign_up("bob")
    alice.headers["X-CSRFToken"] = bob.headers["X-CSRFToken"]

    assert alice.log_out().status_code == 403
