"""A service that takes no new accounts (REGISTRATION=closed)."""

import pytest

from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import is_known


@pytest.fixture
def visitor(closed_app: str) -> Person:
    return Person("visitor", closed_app)


def test_a_sign_up_is_refused(visitor: Person) -> None:
    assert_problem(visitor.sign_up(), 403, "registration_closed")
    assert not is_known(visitor.email)


def test_a_taken_address_is_refused_in_the_same_words(visitor: Person, alice: Person) -> None:
    free = visitor.sign_up().json()["detail"]
    visitor.email = alice.email

    assert visitor.sign_up().json()["detail"] == free


def test_who_has_an_account_logs_in_as_ever(visitor: Person, alice: Person) -> None:
    visitor.email = alice.email

    assert visitor.log_in().status_code == 200
