"""Which passwords an account may have."""

import pytest

from tests.cast import Person, created
from tests.problems import assert_problem
from tests.rows import is_known

REFUSED = {
    "too short": "k7#pQ2vX9wz",
    "too long": "k7#pQ2vX" * 128 + "x",
    "common": "administrator",
    "like the name": "Rumpelstiltskin",
    "not text": 123456789012,
}


@pytest.mark.parametrize("password", REFUSED.values(), ids=REFUSED.keys())
def test_a_weak_password_is_refused(anonymous: Person, password: object) -> None:
    assert_problem(anonymous.sign_up(password=password, name="Rumpelstiltskin"), 422, "invalid", "/password")
    assert not is_known(anonymous.email)


def test_a_password_like_the_address_is_refused(anonymous: Person) -> None:
    assert_problem(anonymous.sign_up(password=anonymous.email), 422, "invalid", "/password")


@pytest.mark.parametrize("password", ["k7#pQ2vX9wz!", "k7#pQ2vX" * 128, "пароль из восьми слов 🐈", "  spaces count  "])
def test_a_good_password_logs_in_again_exactly_as_typed(anonymous: Person, password: str) -> None:
    anonymous.password = password
    created(anonymous.sign_up())

    assert anonymous.log_in().status_code == 200
    assert_problem(anonymous.log_in(password=password[:-1]), 401, "invalid_credentials")
