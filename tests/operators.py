"""Operators: their command line, and who they are at /admin/."""

import subprocess
import sys

from tests.cast import Person
from tests.rows import ask


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "manage.py", *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command line


def make_operator(person: Person) -> None:
    ask("UPDATE core_user SET is_staff = true WHERE email = %s RETURNING id", person.email)


def id_of(person: Person) -> str:
    return str(ask("SELECT id FROM core_user WHERE email = %s", person.email))
