"""Nobody has a password that stands in the operator's list of breached ones."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import quantiles

import pytest
from django.core.exceptions import ValidationError

from app.accounts.validators import BreachedPasswordValidator
from tests.cast import Person
from tests.drill import size
from tests.problems import assert_problem
from tests.servers import second_app

BREACHED = [f"a breached password, number {number}" for number in range(500)]
UNKNOWN = [f"an unknown password, number {number}" for number in range(500)]
FORMS: dict[str, Callable[[Iterable[str]], str]] = {
    "hash and count": lambda hashes: "".join(f"{found}:{len(found)}\n" for found in hashes),
    "hash alone": lambda hashes: "".join(f"{found}\n" for found in hashes),
    "lines of Windows": lambda hashes: "".join(f"{found}:3\r\n" for found in hashes),
    "small letters": lambda hashes: "".join(f"{found.lower()}:3\n" for found in hashes),
    "no end of the last line": "\n".join,
    "counts of many lengths": lambda hashes: "".join(f"{found}:{10 ** (int(found, 16) % 9)}\n" for found in hashes),
}
OTHER_FILES = {
    "empty": "",
    "text": "correct horse battery staple\n" * 100,
    "half a hash": hashlib.sha1(b"x").hexdigest()[:20] + "\n",  # noqa: S324 - the form of the list
    "one long line": "A" * 10000,
    "another hash": hashlib.sha256(b"x").hexdigest() + "\n",
}


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()  # noqa: S324 - the form of the list


def write(file: Path, passwords: list[str], form: str = "hash and count") -> Path:
    file.write_bytes(FORMS[form](sorted(sha1(password) for password in passwords)).encode())
    return file


def is_refused(password: str, file: Path | None) -> bool:
    try:
        BreachedPasswordValidator(file).validate(password)
    except ValidationError as refusal:
        return refusal.code == "password_breached"
    return False


def check(file: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"BREACHED_PASSWORDS_FILE": str(file)}
    command = (sys.executable, "manage.py", "check")
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command line


@pytest.mark.parametrize("form", FORMS)
def test_every_password_of_the_list_is_found_and_no_other(tmp_path: Path, form: str) -> None:
    file = write(tmp_path / "breached.txt", BREACHED, form)

    assert check(file).returncode == 0
    assert [password for password in BREACHED if not is_refused(password, file)] == []
    assert [password for password in UNKNOWN if is_refused(password, file)] == []


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_list_is_searched_too(tmp_path: Path, count: int) -> None:
    file = write(tmp_path / "breached.txt", BREACHED[:count])

    assert [is_refused(password, file) for password in BREACHED[:4]] == [True] * count + [False] * (4 - count)


def test_without_a_list_no_password_is_breached() -> None:
    assert not is_refused(BREACHED[0], None)


def test_a_breached_password_is_refused_at_the_door_until_the_list_goes_away(tmp_path: Path) -> None:
    file = write(tmp_path / "breached.txt", BREACHED)
    with second_app(BREACHED_PASSWORDS_FILE=str(file)) as url:
        newcomer = Person("newcomer", url)
        refused = assert_problem(newcomer.sign_up(password=BREACHED[7]), 422, "invalid", "/password")
        assert refused["errors"][0]["code"] == "password_breached"
        assert newcomer.sign_up(password=UNKNOWN[7]).status_code == 201

        file.unlink()
        assert Person("another", url).sign_up(password=BREACHED[7]).status_code == 201


def test_a_newer_list_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    file = write(tmp_path / "breached.txt", BREACHED)
    assert not is_refused(UNKNOWN[0], file)

    write(tmp_path / "newer.txt", UNKNOWN).rename(file)

    assert is_refused(UNKNOWN[0], file)


def test_a_list_that_cant_be_read_later_is_logged_as_an_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert not is_refused(BREACHED[0], tmp_path / "vanished.txt")

    [record] = caplog.records
    assert (record.levelname, record.message.partition(" ")[0]) == ("ERROR", "BREACHED_PASSWORDS_FILE")
    assert BREACHED[0] not in caplog.text


@pytest.mark.parametrize("text", OTHER_FILES.values(), ids=OTHER_FILES.keys())
def test_a_file_that_is_no_such_list_keeps_the_service_from_starting(tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.txt"
    file.write_text(text)

    refused = check(file)

    assert refused.returncode == 1
    [fault] = refused.stderr.splitlines()[1:]
    assert fault.startswith(f"  BREACHED_PASSWORDS_FILE names {file}, which is no list of SHA-1 hashes")


def test_a_list_that_is_not_sorted_keeps_the_service_from_starting(tmp_path: Path) -> None:
    file = tmp_path / "by-count.txt"
    file.write_text(FORMS["hash and count"](sha1(password) for password in BREACHED))

    assert "which is not sorted by hash (try: LC_ALL=C sort)" in check(file).stderr


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_list_that_cant_be_read_keeps_the_service_from_starting(tmp_path: Path, name: str) -> None:
    assert "\n  BREACHED_PASSWORDS_FILE can't be read: " in check(tmp_path / name).stderr


@pytest.mark.drill
def test_a_look_into_a_gigabyte_takes_a_few_milliseconds(tmp_path: Path) -> None:
    lines = size(100_000, 24_000_000)
    file = tmp_path / "breached.txt"
    with file.open("w") as gigabyte:
        gigabyte.writelines(f"{number * 16**40 // lines:040X}:{number}\n" for number in range(lines))

    times = [seconds_to_look_up(f"password {number}", file) for number in range(size(1000, 10_000))]

    file.unlink()
    assert quantiles(times, n=100)[-1] < 0.005


def seconds_to_look_up(password: str, file: Path) -> float:
    """Return what the fastest of three looks takes, the one that no other program has come in the way of."""
    times = []
    for _ in range(3):
        before = time.perf_counter()
        assert not is_refused(password, file)
        times.append(time.perf_counter() - before)
    return min(times)
