"""The application of the stack, on which all tests run, may do in PostgreSQL and Redis what it needs and no more."""

import os
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from psycopg.errors import InsufficientPrivilege
from redis import AuthenticationError, Redis, ResponseError

from local.administration import superuser_url
from tests.cast import Person
from tests.processes import server_of_stack
from tests.rights import COMMANDS, STATEMENTS
from tests.rows import ask, connect

ROLES = """
SELECT string_agg(DISTINCT usename, ' ') FROM pg_stat_activity
WHERE application_name = 'doable' AND datname = current_database()
"""


def test_the_application_connects_as_its_own_role(alice: Person) -> None:
    assert alice.get("/api/lists/").status_code == 200
    assert ask(ROLES) == "doable"


@pytest.mark.parametrize("program", ["granian", "run_jobs"])
def test_nothing_that_the_application_is_told_lets_it_be_the_superuser(program: str) -> None:
    password = urlsplit(superuser_url()).password

    told = Path(f"/proc/{server_of_stack(program)}/environ").read_text()

    assert os.environ["DATABASE_URL"] in told
    assert password
    assert password not in told


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_application_s_role_changes_rows_and_nothing_else(statement: str) -> None:
    with connect(as_application=True) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.parametrize("command", COMMANDS)
def test_the_application_can_neither_flush_nor_configure_redis(command: str) -> None:
    with (
        Redis.from_url(os.environ["REDIS_URL"]) as client,
        pytest.raises(ResponseError, match=r"no permission|not allowed"),
    ):
        client.execute_command(*shlex.split(command))


def test_nobody_asks_redis_without_a_password() -> None:
    socket = urlsplit(os.environ["REDIS_URL"]).path

    with Redis(unix_socket_path=socket) as stranger, pytest.raises(AuthenticationError):
        stranger.ping()
