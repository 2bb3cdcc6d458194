"""A look at the rows behind the service, for what no answer may tell."""

import atexit
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, LiteralString

import environ
import psycopg

from local.administration import superuser_url
from tests.cast import Person

Connection = psycopg.Connection[tuple[Any, ...]]
MAILED_TOKEN = """
INSERT INTO core_mailed_token (id, user_id, purpose, email, token_hash, expires_at)
SELECT gen_random_uuid(), id, %s, %s, sha256(%s::bytea), now() + interval '1 hour' FROM core_user WHERE email = %s
ON CONFLICT (user_id, purpose) DO UPDATE SET token_hash = EXCLUDED.token_hash, expires_at = EXCLUDED.expires_at
"""
INBOXES = "SELECT count(*) FROM core_list WHERE is_inbox AND user_id = (SELECT id FROM core_user WHERE email = %s)"

IMPORT = """
INSERT INTO core_import (id, user_id, state, size, place, records, problems, problem_count, tally, total, sha256,
                         created_at, due_at)
SELECT gen_random_uuid(), id, 'checked', 2, '{}', '{}', '[]', 0, '{}', '', '', now(), now()
FROM core_user WHERE email = %s
ON CONFLICT (user_id) DO UPDATE SET state = 'checked' RETURNING id
"""


_kept: dict[str, Connection] = {}


def ask(statement: LiteralString, *values: Any) -> Any:
    """Return the first value that a statement returns."""
    return ask_in("", statement, values)


def ask_in(database: str, statement: LiteralString, values: Sequence[Any]) -> Any:
    """Do the same in another database of the stack's PostgreSQL."""
    if threading.current_thread() is threading.main_thread():
        row = kept(database).execute(statement, values).fetchone()
    else:
        with connect(database) as connection:
            row = connection.execute(statement, values).fetchone()
    return row and row[0]


def kept(database: str = "") -> Connection:
    """Return the one connection that is kept open, because a new one takes far longer than most statements.

    It commits each statement. Where it was cut meanwhile, another takes its place.
    """
    found = _kept.get(database)
    if found is None or not is_alive(found):
        found = _kept[database] = connect(database)
        found.autocommit, found.prepare_threshold = True, None  # a plan would not outlive a change of the tables
        atexit.register(found.close)
    return found


def is_alive(connection: Connection) -> bool:
    try:
        connection.execute("")
    except psycopg.OperationalError:
        connection.close()
        return False
    return True


def connect(database: str = "", *, as_application: bool = False) -> Connection:
    """Connect to the stack's own database, not the one of pytest-django, or to another of the same PostgreSQL.

    It is the superuser who does, to plant rows, hold locks and cut connections, or the application's role.
    """
    found = environ.Env.db_url_config(os.environ["DATABASE_URL"] if as_application else superuser_url())
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    given = {name: found[key] for name, key in names.items() if found.get(key)}
    return psycopg.connect(**given | ({"dbname": database} if database else {}))


def revision_of(person: Person) -> int:
    """Return how many writes a person's data has seen."""
    return int(ask("SELECT revision FROM core_user WHERE email = %s", person.email))


def is_known(email: str) -> bool:
    return bool(ask("SELECT count(*) FROM core_user WHERE email = %s", email))


def mailed_tokens(person: Person, database: str = "") -> dict[str, str]:
    """Return for each purpose the token of a link, as a mail would hold it; a new address is `new-` and the old."""
    tokens = {purpose: secrets.token_urlsafe() for purpose in ("verify_email", "reset_password", "change_email")}
    with connect(database) as connection:
        for purpose, token in tokens.items():
            email = f"new-{person.email}" if purpose == "change_email" else person.email
            assert connection.execute(MAILED_TOKEN, [purpose, email, token, person.email]).rowcount == 1
    return tokens


def checked_import(person: Person, database: str = "") -> str:
    """Store an import in which nothing was found, as the periodic job would have left it, and return its id."""
    with connect(database) as connection:
        row = connection.execute(IMPORT, [person.email]).fetchone()
    assert row
    return str(row[0])


def disable(person: Person) -> None:
    """Close an account as an operator does: it may not log in, and its sessions and tokens end."""
    command = (sys.executable, "manage.py", "disable_user", person.email)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command line
