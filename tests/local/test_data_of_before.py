"""A data folder of a release whose application connected as PostgreSQL's superuser goes on to work."""

import json
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from tests.cast import Person, created
from tests.local.supervisor import started

# How that release left the database: one role, who is the superuser and owns everything; first with the name that a
# handover gives it, which was broken off before it kept the new secrets.
RENAMED = """
REASSIGN OWNED BY doable_owner TO postgres; DROP OWNED BY doable_owner, doable, doable_monitor;
DROP ROLE doable_owner, doable, doable_monitor
"""
AS_BEFORE = f"""{RENAMED};
CREATE ROLE meanwhile SUPERUSER; SET SESSION AUTHORIZATION meanwhile; ALTER ROLE postgres RENAME TO doable;
RESET SESSION AUTHORIZATION; DROP ROLE meanwhile
"""
OWNERS = """
SELECT string_agg(DISTINCT pg_get_userbyid(owner), ' ') FROM (
    SELECT relowner AS owner FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database()
) AS found
"""
SUPERUSERS = "SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolsuper"


def as_superuser(data: Path, statements: LiteralString) -> psycopg.Cursor[tuple[str]]:
    password = json.loads((data / "secrets.json").read_text())["superuser_password"]
    with psycopg.connect(host=str(data / "run"), dbname="doable", user="postgres", password=password) as connection:
        return connection.execute(statements)


def make_as_before(data: Path, statements: LiteralString) -> None:
    as_superuser(data, statements)
    file = data / "secrets.json"
    secrets = json.loads(file.read_text())
    secrets["database_password"] = secrets.pop("superuser_password")
    file.write_text(json.dumps(secrets))


@pytest.mark.parametrize("before", [AS_BEFORE, RENAMED], ids=["as it was", "broken off"])
def test_data_of_a_release_whose_application_was_the_superuser_is_kept_and_its_rights_are_not(
    data: Path, before: LiteralString
) -> None:
    with started(data) as stack:
        alice = Person("alice", stack.url)
        created(alice.sign_up())
        todo = alice.make_todo(alice.make_list())
        make_as_before(data, before)

    for _ in range(2):
        with started(data) as stack:
            alice.url = stack.url
            assert alice.get(f"/api/todos/{todo['id']}/").json() == todo
            assert alice.make_todo(alice.make_list())
            assert as_superuser(data, SUPERUSERS).fetchone() == ("postgres",)
            assert as_superuser(data, OWNERS).fetchone() == ("doable_owner",)
    secrets = json.loads((data / "secrets.json").read_text())
    assert secrets["database_password"] != secrets["superuser_password"]
