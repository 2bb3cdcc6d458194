"""``manage.py build_common_passwords``: makes the list of passwords that nobody may have.

Django's own list is made for short passwords: hardly two hundred of its twenty thousand have 12 characters. People who
are asked for more characters stretch a word they know, and so does this: by repetition, a year, digits, another word
or a walk over the keyboard.
"""

import gzip
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.management.base import BaseCommand, CommandParser

SHORTEST, LONGEST = 12, 24  # characters of what is added; a longer stretch is no habit of people

YEARS = [str(year) for year in range(1970, 2031)]
ENDINGS = ["1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "1234567890"]
ENDINGS += ["0", "00", "007", "01", "11", "69", "77", "88", "99", "111", "321", "666", "777", "4321", "1111", "0000"]
ENDINGS += ["!", "!!", "!!!", ".", "?", "*", "#", "$", "@", "1!", "123!", "1234!", "12345!", "@123", "@1234", "#123"]
ENDINGS += [*YEARS, *(f"{year}!" for year in YEARS)]
LINKS = ["", " ", "-", "_", ".", "1", "123", "and", "my", "is"]

PASSWORDS = ["password", "passwort", "passw0rd", "p4ssword", "p@ssword", "p@ssw0rd", "pa55word", "pa55w0rd", "pa$$word"]
PASSWORDS += ["pa$$w0rd", "passcode", "passphrase", "mypassword", "thepassword", "newpassword", "changeme", "letmein"]
OURS = ["doable", "d0able", "mydoable", "todo", "todos", "todolist", "mytodolist", "tasks", "tasklist", "mytasks"]

ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm"]
COLUMNS = ["1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/"]


def common_passwords() -> list[str]:
    """Return Django's list and everything that is added, in lower case, sorted, each once."""
    known = [entry.lower() for entry in most_common_first()]
    words = [entry for entry in known if entry.isalpha() and entry.isascii() and len(entry) > 3]  # noqa: PLR2004
    made = [*repetitions(known), *stretched(words[:300]), *joined(words[:100]), *walks(), *variants(words[:50])]
    return sorted(set(known) | {password for password in made if SHORTEST <= len(password) <= LONGEST})


def most_common_first() -> list[str]:
    with gzip.open(CommonPasswordValidator().DEFAULT_PASSWORD_LIST_PATH, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def repetitions(known: Iterable[str]) -> Iterator[str]:
    """Yield each entry as often as it takes, and every character of its own: abcabcabcabc, aaaaaaaaaaaa."""
    for entry in known:
        yield entry * max(2, -(-SHORTEST // len(entry)))
    for character, length in product(ascii_lowercase + digits, range(SHORTEST, LONGEST + 1)):
        yield character * length


def stretched(words: Iterable[str]) -> Iterator[str]:
    for word, ending in product(words, ENDINGS):
        yield word + ending


def joined(words: list[str]) -> Iterator[str]:
    for first, second in product(words, words):
        yield first + second


def walks() -> Iterator[str]:
    """Yield the walks along the rows and columns of a keyboard, the alphabet and the digits, also backwards."""
    lines = ["".join(ROWS[:4]), "".join(ROWS[4:6]), "".join(ROWS[6:]), "".join(COLUMNS)]
    lines += [row * 3 for row in ROWS] + [ascii_lowercase * 2, *paired()]
    for line in lines:
        for way in (line, line[::-1]):
            yield from (way[at : at + length] for length in range(SHORTEST, LONGEST + 1) for at in range(len(way)))


def paired() -> Iterator[str]:
    """Yield two rows that are typed in turns, such as 1q2w3e4r5t6y, and letters with their number."""
    for one, other in product(ROWS[:4], ROWS):
        yield "".join(a + b for a, b in zip(one, other, strict=False))
    yield "".join(letter + digit for letter, digit in zip(ascii_lowercase, digits[1:], strict=False))


def variants(words: list[str]) -> Iterator[str]:
    """Yield what people make of the word password and of the name of this product."""
    for stem in PASSWORDS + OURS:
        yield from stretched([stem])
        yield from (stem + link + other for link, other in product(LINKS, [*PASSWORDS, *OURS, *words]))
        yield from (other + link + stem for link, other in product(LINKS[:2], words))


class Command(BaseCommand):
    """Write the list, gzipped, to where the application reads it; the same source gives the same list."""

    help = "Make the list of common passwords anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.COMMON_PASSWORDS)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        passwords = common_passwords()
        text = "".join(f"{password}\n" for password in passwords)
        file.write_bytes(gzip.compress(text.encode(), mtime=0))
        self.stdout.write(f"{len(passwords)} passwords were written to {file}.")
