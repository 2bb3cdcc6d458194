"""The numbers of the whole service: of all its workers, and of what PostgreSQL knows."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from local.waiting import wait_until
from tests.cast import Person
from tests.metrics.samples import Samples
from tests.processes import app_workers, frozen_postgresql

PATIENCE = 20  # seconds
SETTLED = 7  # seconds; granian gives up where a worker that it has just replaced ends within 5.5


def test_jobs_and_what_waits_for_them_are_shown() -> None:
    found = Samples.read()

    assert found.of("doable_jobs_done") == 1
    assert found.of("doable_job_last_run_timestamp_seconds", job="app.accounts.jobs.send_due_mail") > 1.7e9
    assert found.of("doable_job_failed", job="app.accounts.jobs.send_due_mail") == 0
    assert {"doable_mails_waiting", "doable_mail_longest_wait_seconds", "doable_imports_waiting"} <= found.names
    assert sum(found[key] for key in found if key[0] == "doable_database_connections") >= 1


def test_a_postgresql_that_stands_still_does_not_keep_the_numbers_back() -> None:
    assert Samples.read().of("doable_database_up") == 1

    with frozen_postgresql():
        began = monotonic()
        assert Samples.read().of("doable_database_up") == 0
        assert monotonic() - began < 8

    wait_until(lambda: Samples.read().of("doable_database_up") == 1, PATIENCE, "PostgreSQL counts as gone")


def pages_read() -> float:
    return Samples.read().of("doable_request_seconds_count", method="GET", route="api/todos/", status="200")


def test_the_numbers_are_those_of_all_workers(alice: Person) -> None:
    before, count = pages_read(), 40

    with ThreadPoolExecutor(8) as crowd:
        assert all(answer.ok for answer in crowd.map(lambda _: alice.get("/api/todos/"), range(count)))

    wait_until(lambda: pages_read() == before + count, PATIENCE, "not all requests are counted")
    assert {pages_read() for _ in range(10)} == {before + count}  # whichever of them answers


def test_what_a_killed_worker_has_counted_still_counts(alice: Person) -> None:
    before = pages_read()
    alice.get("/api/todos/")
    wait_until(lambda: pages_read() == before + 1, PATIENCE, "the request is not counted")
    wait_until(lambda: app_workers()[0].age > SETTLED, PATIENCE, "no worker grows old")
    [worker, *_] = app_workers()

    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: is_replaced(worker.pid), PATIENCE, "no worker takes the place of a killed one")

    assert pages_read() == before + 1


def is_replaced(pid: int) -> bool:
    return bool(app_workers()) and pid not in {worker.pid for worker in app_workers()}
