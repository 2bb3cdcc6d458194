"""``manage.py doctor`` names what is wrong, what to do, and fails where someone is needed."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.common.jobs import HOLDER, LOCK
from local.waiting import wait_until
from tests.processes import frozen_postgresql
from tests.rows import ask
from tests.stores import fragile_redis
from tests.workers import own_database

LINE = re.compile(r"(ok|warn|FAIL) +(\S.*?)  +(\S.*)")
REACHABLE = {"PUBLIC_URL": os.environ.get("DOABLE_URL", "")}


class Visit:
    """What the doctor has said."""

    def __init__(self, **changes: str) -> None:
        started = time.monotonic()
        ran = subprocess.run(
            (sys.executable, "manage.py", "doctor"),
            env=os.environ | REACHABLE | changes,
            capture_output=True,
            text=True,
            check=False,
        )
        self.seconds = time.monotonic() - started
        self.code, self.stderr = ran.returncode, ran.stderr
        found = [LINE.fullmatch(line) for line in ran.stdout.splitlines()]
        self.lines = {match[2]: (match[1], match[3]) for match in found if match}
        assert len(self.lines) == len(found), ran.stdout + ran.stderr

    @property
    def failed(self) -> list[str]:
        return [name for name, (level, _) in self.lines.items() if level == "FAIL"]


@pytest.fixture(autouse=True)
def jobs_go_on() -> None:
    """Begin when the periodic jobs are at work again, which a frozen PostgreSQL interrupts for a while."""
    wait_until(lambda: bool(ask(HOLDER, *LOCK)), 60, "no process does the periodic jobs")


@pytest.fixture(scope="module")
def well() -> Visit:
    """Return a visit where all is well, which takes as long as it takes to start on this machine."""
    return Visit()


def test_where_all_is_well_nothing_fails(well: Visit) -> None:
    assert (well.code, well.failed, well.stderr) == (0, [], "")
    assert {name for name, (level, _) in well.lines.items() if level == "warn"} == {"mail server", "profile"}
    assert all(" " in text for _, text in well.lines.values())


def test_a_redis_that_is_gone_is_named(unused_port: int) -> None:
    visit = Visit(REDIS_URL=f"redis://127.0.0.1:{unused_port}/0")

    assert (visit.code, visit.failed) == (1, ["Redis", "clock of Redis"])
    assert visit.lines["Redis"][1].endswith("Start it, or correct REDIS_URL; without it everything is slower.")


def test_a_redis_that_hangs_is_named_in_time(well: Visit) -> None:
    with fragile_redis() as redis:
        redis.freeze()
        visit = Visit(REDIS_URL=redis.url)
        redis.thaw()

    assert (visit.failed, visit.seconds - well.seconds < 15) == (["Redis", "clock of Redis"], True)


def test_a_postgresql_that_is_gone_is_named_with_all_that_needs_it(unused_port: int) -> None:
    visit = Visit(DATABASE_URL=f"postgres://doable:open-sesame@127.0.0.1:{unused_port}/doable")

    assert visit.code == 1
    needing_it = ["migrations", "clock of PostgreSQL", "archive of the log", "periodic jobs", "mail on its way"]
    assert visit.failed == ["PostgreSQL", *needing_it]
    assert visit.lines["PostgreSQL"][1].endswith("Start it, or correct DATABASE_URL.")
    assert "open-sesame" not in str(visit.lines) + visit.stderr


@pytest.mark.drill
def test_a_postgresql_that_hangs_is_named_in_time(well: Visit) -> None:
    with frozen_postgresql():
        visit = Visit()

    assert visit.failed[0] == "PostgreSQL"
    assert visit.seconds - well.seconds < 15


def test_a_mail_server_that_is_gone_is_named(unused_port: int) -> None:
    visit = Visit(EMAIL_URL=f"smtp://127.0.0.1:{unused_port}")

    assert (visit.code, visit.failed) == (1, ["mail server"])
    assert visit.lines["mail server"][1].endswith("Correct EMAIL_URL, or start the mail server.")


def test_a_mail_server_that_says_nothing_is_named_in_time(well: Visit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        visit = Visit(EMAIL_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}")

    assert (visit.failed, visit.seconds - well.seconds < 15) == (["mail server"], True)


def test_a_database_without_jobs_or_migrations_is_told_so() -> None:
    with own_database() as database:
        without_jobs = Visit(DATABASE_URL=database.url)
        with database.connect() as connection:
            connection.execute("DELETE FROM django_migrations WHERE app = 'todos'")
        behind = Visit(DATABASE_URL=database.url)

    assert without_jobs.failed == ["periodic jobs"]
    assert behind.failed == ["migrations", "periodic jobs"]
    assert behind.lines["migrations"][1].endswith(
        " are not applied. Apply the migrations: ./deploy.sh and make run do, or manage.py migrate "
        "as the owner of the database."
    )


def test_mail_that_waits_for_long_is_told(tmp_path: Path) -> None:
    with own_database() as database:
        with database.connect() as connection:
            connection.execute(
                "INSERT INTO core_outgoing_mail (id, letter, email, created_at, attempts, due_at)"
                " VALUES (gen_random_uuid(), 'reset_password', 'a@example.org', now() - interval '1 hour', 3, now())"
            )
        visit = Visit(DATABASE_URL=database.url, EMAIL_URL=f"filemail:///{tmp_path}")

    assert visit.lines["mail on its way"][0] == "warn"
    assert str(tmp_path) in visit.lines["mail server"][1]


def test_folders_that_lack_what_they_should_hold_are_named(tmp_path: Path) -> None:
    visit = Visit(STATIC_ROOT=str(tmp_path), MEDIA_ROOT=str(tmp_path / "gone"))

    assert visit.failed == ["static files", "media folder", "disk"]


def test_an_address_that_does_not_answer_is_a_warning(unused_port: int) -> None:
    visit = Visit(PUBLIC_URL=f"http://127.0.0.1:{unused_port}")

    assert (visit.code, visit.lines["public address"][0]) == (0, "warn")


def test_a_list_of_breached_passwords_that_is_none_is_refused_before_all_else(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("no hashes\n")
    command = (sys.executable, "manage.py", "doctor")
    environment = os.environ | {"BREACHED_PASSWORDS_FILE": str(tmp_path / "list")}

    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command line

    assert ran.returncode == 1
    assert "BREACHED_PASSWORDS_FILE names" in ran.stderr
