"""What ``manage.py prepare_database`` does: roles with least privilege, and the migrations as the owner."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql
from psycopg.errors import LockNotAvailable

ROLES = settings.BASE_DIR / "db" / "roles.sql"
LOCK = 0x446F61, 2  # beside that of the periodic jobs
ATTEMPTS = 5
REST = 1.0  # seconds after the first attempt, and as many more after each other


class Command(BaseCommand):
    help = (
        "Make the roles of the database, apply the migrations as the one that owns the tables, and let the other, as "
        "which the application connects, do what it needs. For PostgreSQL's superuser."
    )
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **options: Any) -> None:
        """Wait for whoever is at it, then do the whole; doing it again changes nothing."""
        try:
            self.prepare(options["verbosity"])
        except OperationalError as fault:
            raise CommandError(f"PostgreSQL says: {' '.join(str(fault).split())}") from fault

    def prepare(self, verbosity: int) -> None:
        make_database()
        with superuser(connection.settings_dict["NAME"]) as admin, lock(admin):
            insist(lambda: grant(admin))
            insist(lambda: call_command("migrate", interactive=False, verbosity=verbosity))
            insist(lambda: grant(admin))


def make_database() -> None:
    """Make the database where there is none yet, and the view of statements where PostgreSQL counts them."""
    with superuser("postgres") as admin, admin.cursor() as cursor:
        cursor.execute("SHOW shared_preload_libraries")
        if "pg_stat_statements" in cursor.fetchone()[0]:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        name = connection.settings_dict["NAME"]
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


@contextmanager
def superuser(database: str) -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection as the role of DATABASE_URL itself, without the role and the time-outs of the others."""
    admin = connection.copy()
    options = {name: value for name, value in admin.settings_dict["OPTIONS"].items() if name != "assume_role"}
    admin.settings_dict |= {"NAME": database, "OPTIONS": options | {"options": ""}}
    try:
        yield admin
    finally:
        admin.close()


@contextmanager
def lock(admin: BaseDatabaseWrapper) -> Iterator[None]:
    """Wait until nobody else prepares this database; from then on, no statement waits for a table for long."""
    with admin.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        cursor.execute("SET lock_timeout = '2s'")
    yield  # the end of the connection is the end of the lock


def grant(admin: BaseDatabaseWrapper) -> None:
    """Run roles.sql, and set the passwords of those who log in.

    What is sent without parameters as one text is one transaction.
    """
    passwords = {"doable": settings.APP_DATABASE_PASSWORD, "doable_monitor": settings.MONITOR_PASSWORD}
    statements = [password_statement(admin, role, passwords[role]) for role in passwords]
    with admin.cursor() as cursor:
        cursor.execute("\n".join([ROLES.read_text(), *statements]))


def password_statement(admin: BaseDatabaseWrapper, role: str, password: str) -> str:
    """Return the statement that sets a password, by a hash of it; without one nobody gets in."""
    if not password:
        return f"ALTER ROLE {role} PASSWORD NULL;"
    verifier = admin.connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return f"ALTER ROLE {role} PASSWORD '{verifier.decode()}';"


def insist(work: Callable[[], object]) -> None:
    """Do something again that has met a lock, so that it waits for no transaction while others wait for it."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            work()
        except OperationalError as fault:
            if attempt == ATTEMPTS or not isinstance(fault.__cause__, LockNotAvailable):
                raise
            time.sleep(REST * attempt)
        else:
            return
