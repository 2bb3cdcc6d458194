"""Nobody has a password that many people have."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator, get_default_password_validators
from django.core.exceptions import ValidationError

from tests.cast import Person
from tests.problems import assert_problem

STRETCHED = ["passwordpassword", "Password2024!", "liverpool123456", "qwertyuiopas", "1qaz2wsx3edc", "P@ssw0rd12345"]
STRETCHED += ["aaaaaaaaaaaaaaa", "abcdefghijklm", "doabledoable", "mytodolist2025", "password    ", "monkeydragon"]


def listed(file: Path = settings.COMMON_PASSWORDS) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines()


@pytest.fixture(scope="module")
def validator() -> CommonPasswordValidator:
    """Return the one that new passwords are shown to; the others would only take time to agree or not."""
    [validator] = (each for each in get_default_password_validators() if isinstance(each, CommonPasswordValidator))
    return validator


def is_refused(password: str, validator: CommonPasswordValidator) -> bool:
    try:
        validator.validate(password)
    except ValidationError as refusal:
        return refusal.code == "password_too_common"
    return False


@pytest.mark.parametrize("minimum", [12, 15])
def test_thousands_of_common_passwords_are_long_enough_to_be_chosen(minimum: int) -> None:
    assert sum(len(password) >= minimum for password in listed()) >= 3000


def test_every_common_password_is_refused_also_in_capitals_and_between_spaces(
    validator: CommonPasswordValidator,
) -> None:
    accepted = [
        password
        for entry in listed()
        for password in (entry, entry.upper(), f"   {entry}   ")
        if not is_refused(password, validator)
    ]

    assert accepted == []


@pytest.mark.parametrize("password", STRETCHED)
def test_what_people_make_of_a_common_password_is_refused(anonymous: Person, password: str) -> None:
    refused = assert_problem(anonymous.sign_up(password=password), 422, "invalid", "/password")

    assert refused["errors"][0]["code"] == "password_too_common"


def test_the_list_is_what_its_source_makes(tmp_path: Path) -> None:
    made = tmp_path / "list.gz"
    command = (sys.executable, "manage.py", "build_common_passwords", str(made))

    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line

    assert listed(made) == listed(), "run: manage.py build_common_passwords"
    assert made.read_bytes()[4:8] == bytes(4), "the list holds the time at which it was made"
