"""A look at the rows behind the service, for what no answer may tell."""

import os
import subprocess
import sys
from typing import Any, LiteralString

import environ
import psycopg

from tests.cast import Person


def ask(statement: LiteralString, *values: Any) -> Any:
    """Return the first value that a statement returns."""
    with connect() as connection:
        row = connection.execute(statement, values).fetchone()
    return row and row[0]


def connect(database: str = "") -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to the stack's own database, not the one of pytest-django, or to another of the same PostgreSQL."""
    found = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    given = {name: found[key] for name, key in names.items() if found.get(key)}
    return psycopg.connect(**given | ({"dbname": database} if database else {}))


def revision_of(person: Person) -> int:
    """Return how many writes a person's data has seen."""
    return int(ask("SELECT revision FROM core_user WHERE email = %s", person.email))


def is_known(email: str) -> bool:
    return bool(ask("SELECT count(*) FROM core_user WHERE email = %s", email))


def disable(person: Person) -> None:
    """Close an account as an operator does: it may not log in, and its sessions and tokens end."""
    command = (sys.executable, "manage.py", "disable_user", person.email)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line
