"""A password counts as it was typed: every character, none added, none left out."""

import pytest

from tests.cast import Person, created
from tests.problems import assert_problem
from tests.servers import second_app

LONGEST = "k7#pQ2vX" * 128
CHANGES = {
    "the 73rd character": LONGEST[:72] + "~" + LONGEST[73:],
    "the 256th character": LONGEST[:255] + "~" + LONGEST[256:],
    "the 1,000th character": LONGEST[:999] + "~" + LONGEST[1000:],
    "the last character": LONGEST[:-1] + "~",
    "its length": LONGEST[:-1],
    "its case": LONGEST.swapcase(),
}
SPELLINGS = {
    "a space before it": " stones under water",
    "a space behind it": "stones under water ",
    "a wide space": "stones\u3000under water",
    "wide letters": "\uff53tones under water",
    "capitals": "Stones under water",
}


@pytest.mark.parametrize("other", CHANGES.values(), ids=CHANGES.keys())
def test_two_long_passwords_that_differ_anywhere_are_two(anonymous: Person, other: str) -> None:
    anonymous.password = LONGEST
    created(anonymous.sign_up())

    assert_problem(anonymous.log_in(password=other), 401, "invalid_credentials")
    assert anonymous.log_in().status_code == 200


@pytest.mark.parametrize("other", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_no_spelling_of_a_password_stands_for_another(anonymous: Person, other: str) -> None:
    anonymous.password = "stones under water"
    created(anonymous.sign_up())

    assert_problem(anonymous.log_in(password=other), 401, "invalid_credentials")


def test_a_letter_with_an_accent_is_not_a_letter_and_an_accent(anonymous: Person) -> None:
    anonymous.password = "caf\u00e9 und kuchen"
    created(anonymous.sign_up())

    assert_problem(anonymous.log_in(password="cafe\u0301 und kuchen"), 401, "invalid_credentials")
    assert anonymous.log_in().status_code == 200


@pytest.mark.parametrize("length", [64, 1024])
@pytest.mark.parametrize("kind", ["abcdefgh", "12345687", "    \t  x", "пароль! ", "🐈🌲🌊🪨🐝🧭🪵🌋"])
def test_a_long_password_may_be_of_one_kind_of_characters(anonymous: Person, kind: str, length: int) -> None:
    anonymous.password = (kind * length)[:length]
    created(anonymous.sign_up())

    assert anonymous.log_in().status_code == 200


def test_characters_are_counted_and_not_bytes(anonymous: Person) -> None:
    refused = assert_problem(anonymous.sign_up(password="🐈🌲🌊🪨🐝🧭"), 422, "invalid", "/password")

    assert refused["errors"] == [
        {"pointer": "/password", "code": "too_short", "detail": "Expected at least 12 characters."}
    ]


def test_a_longer_minimum_may_be_set(anonymous: Person) -> None:
    with second_app(PASSWORD_MIN_LENGTH="15") as url:
        newcomer = Person("newcomer", url)
        refused = assert_problem(newcomer.sign_up(password="k7#pQ2vX9wz!+E"), 422, "invalid", "/password")

        assert refused["detail"] == "Expected at least 15 characters."
        assert newcomer.sign_up(password="k7#pQ2vX9wz!+E5").status_code == 201
    assert anonymous.sign_up(password="k7#pQ2vX9wz!").status_code == 201
