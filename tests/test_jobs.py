"""Periodic jobs are done by one process, whatever happens to it, to its database or to the jobs."""

import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from local.waiting import wait_until
from tests.drill import size
from tests.processes import frozen_postgresql
from tests.workers import LOST, WAITS, WORKS, Database, Worker, own_database, worker

PURGE = "app.accounts.jobs.purge_sessions"
FAILS = "tests.periodic_jobs.fail"
SOON = 60  # seconds

USER = """
INSERT INTO core_user (id, password, created_at, updated_at, email, name, time_zone, is_active, is_staff, revision)
VALUES (gen_random_uuid(), '', now(), now(), 'alice@example.org', '', 'UTC', true, false, 0) RETURNING id
"""
SESSION = """
INSERT INTO core_session (id, token_hash, user_id, address, user_agent, created_at, last_seen_at, authenticated_at,
                          expires_at, data)
SELECT gen_random_uuid(), decode(md5(random()::text), 'hex'), id, '127.0.0.1', '', now(), now(), now(),
       now() + %s * interval '1 day', '{}'
FROM core_user RETURNING id
"""
COUNT = "SELECT count(*) FROM core_session"
NOTE = "SELECT row_to_json(core_job) FROM core_job WHERE name = %s"
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture(scope="module")
def tables() -> Iterator[Database]:
    with own_database() as database:
        database.ask(USER)
        yield database


@pytest.fixture
def database(tables: Database) -> Database:
    """Return a database with one session, which is alive."""
    tables.ask("WITH jobs AS (DELETE FROM core_job) DELETE FROM core_session RETURNING id")
    tables.ask(SESSION, 1)
    return tables


@pytest.fixture
def first(database: Database, tmp_path: Path) -> Iterator[Worker]:
    """Return the process that does the jobs."""
    with worker(database, tmp_path / "first.log") as first:
        first.wait_until_it_says(WORKS)
        yield first


@pytest.fixture
def second(first: Worker, database: Database, tmp_path: Path) -> Iterator[Worker]:
    """Return a process that stands by."""
    assert first.process.pid
    with worker(database, tmp_path / "second.log") as second:
        second.wait_until_it_says(WAITS)
        yield second


def assert_work_is_done(database: Database) -> None:
    """End a session by its age and see it go, and no other."""
    database.ask(SESSION, -1)
    wait_until(lambda: database.ask(COUNT) == 1, SOON, "a session that has ended is still there")


def test_sessions_that_have_ended_are_removed_and_the_removal_is_told(database: Database, first: Worker) -> None:
    assert_work_is_done(database)

    first.wait_until_it_says("a job has done something")
    [done] = [entry for entry in first.entries if entry["message"] == "a job has done something"]
    assert (done["job"], done["count"]) == (PURGE, 1)


def test_a_start_with_the_settings_of_the_product_does_what_is_due(database: Database, tmp_path: Path) -> None:
    database.ask(SESSION, -1)

    with worker(database, tmp_path / "worker.log", "app.config.settings"):
        wait_until(lambda: database.ask(COUNT) == 1, SOON, "a session that has ended is still there")
        wait_until(lambda: database.ask(NOTE, PURGE) is not None, SOON, "nothing was noted")

    noted = database.ask(NOTE, PURGE)
    assert (noted["last_count"], noted["last_error"]) == (1, "")


@pytest.mark.usefixtures("first")
def test_a_second_process_stands_by(database: Database, second: Worker) -> None:
    assert_work_is_done(database)

    assert [entry["message"] for entry in second.entries] == [WAITS]


def test_the_second_takes_over_when_the_first_is_killed(database: Database, first: Worker, second: Worker) -> None:
    first.end(signal.SIGKILL)
    killed = monotonic()

    second.wait_until_it_says(WORKS)

    assert monotonic() - killed < 5
    assert_work_is_done(database)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_orderly_and_prompt(first: Worker, number: signal.Signals) -> None:
    asked = monotonic()

    assert first.end(number) == 0
    assert monotonic() - asked < 2


def test_a_job_that_fails_is_told_tried_again_and_stops_no_other(database: Database, first: Worker) -> None:
    first.wait_until_it_says("a job has failed", times=2)

    failures = [entry for entry in first.entries if entry["message"] == "a job has failed"]
    assert failures[0]["job"] == FAILS
    assert failures[0]["traceback"].endswith("ZeroDivisionError")
    assert database.ask(NOTE, FAILS)["last_error"] == "ZeroDivisionError"
    assert_work_is_done(database)


def test_a_job_that_could_not_get_a_lock_is_done_later(database: Database, first: Worker) -> None:
    def error() -> str:
        noted = database.ask(NOTE, PURGE)
        return str(noted["last_error"]) if noted else "not run yet"

    with database.connect() as other:
        other.execute("LOCK TABLE core_session")
        wait_until(lambda: error() == "OperationalError", SOON, "the job waits for ever")

    assert_work_is_done(database)
    wait_until(lambda: error() == "", SOON, "the note of the failure stays")
    assert first.said(WORKS) == 1


def test_work_goes_on_after_connections_are_cut(database: Database, first: Worker) -> None:
    assert database.ask(CUT) > 0

    first.wait_until_it_says(WORKS, times=2)

    assert first.said(LOST) == 1
    assert_work_is_done(database)


@pytest.mark.drill
def test_after_every_cut_exactly_one_process_works(database: Database, first: Worker, second: Worker) -> None:
    for times in range(1, size(2, 20) + 1):
        assert database.ask(CUT) > 0
        for each in (first, second):
            each.wait_until_it_says(LOST, times)
        wait_until(lambda: sorted((first.state, second.state)) == [WAITS, WORKS], SOON, "not one of two works")
    assert_work_is_done(database)


@pytest.mark.drill
def test_a_database_that_stands_still_is_told_once_and_waited_for(database: Database, first: Worker) -> None:
    with frozen_postgresql():
        first.wait_until_it_says(LOST)

    first.wait_until_it_says(WORKS, times=2)
    assert first.said(LOST) == 1
    assert_work_is_done(database)


@pytest.mark.drill
@pytest.mark.skipif(size(0, 1) == 0, reason="a job is broken off after a minute, which only the drill waits for")
def test_a_job_that_hangs_is_broken_off_and_stops_no_other(database: Database, tmp_path: Path) -> None:
    database.ask(SESSION, -1)

    with worker(database, tmp_path / "worker.log", "tests.hanging_settings") as hanging:
        wait_until(lambda: hanging.said("a job has failed") > 0, 90, "the job hangs for ever")
        wait_until(lambda: database.ask(COUNT) == 1, SOON, "a session that has ended is still there")
    assert database.ask(NOTE, "tests.periodic_jobs.hang")["last_error"] == "OverdueError"


def test_operators_are_told_whether_the_jobs_are_done(database: Database, first: Worker) -> None:
    assert database.manage("check_jobs").stdout == "A process does the periodic jobs.\n"

    first.end(signal.SIGTERM)

    refused = database.manage("check_jobs")
    expected = "CommandError: No process does the periodic jobs. Start one: python manage.py run_jobs\n"
    assert (refused.returncode, refused.stderr) == (1, expected)
