"""What breaks takes nothing along: every acknowledged write is there afterwards, and nothing fails without a word."""

import os
import random
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event
from time import monotonic

import pytest
import requests
from requests.exceptions import ChunkedEncodingError

from local.waiting import wait_until
from tests.cast import Person
from tests.drill import size
from tests.pages import ids, walk
from tests.problems import assert_problem
from tests.processes import Process, app_workers, frozen_postgresql
from tests.rows import ask

pytestmark = pytest.mark.drill

RECOVERY = 20  # seconds within which the service has to take writes again
CRASH_LOOP = 7  # seconds; granian gives up where a worker that it has just replaced ends within 5.5
FREEZE = 3  # seconds
AT_ONCE = 2  # seconds on a busy machine
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE application_name = 'doable' AND datname = current_database()
"""
CODES = {502: "bad_gateway", 503: "unavailable"}
Answers = list[requests.Response]


@contextmanager
def busy(person: Person, *tolerated: type[Exception]) -> Iterator[Answers]:
    """Let four devices of a person make todos without a pause; yield their answers, which grow meanwhile."""
    groceries = person.make_list()
    answers: Answers = []
    over = Event()

    def write(device: Person) -> None:
        while not over.is_set():
            with suppress(*tolerated):
                answers.append(device.post("/api/todos/", json={"title": "Buy oat milk", "list_id": groceries["id"]}))

    devices = [person.on_another_device() for _ in range(4)]
    with ThreadPoolExecutor(len(devices)) as crowd:
        writers = [crowd.submit(write, device) for device in devices]
        try:
            yield answers
        finally:
            over.set()
    for writer in writers:
        writer.result()


def acknowledged(answers: Answers) -> Answers:
    return [answer for answer in answers if answer.status_code == 201]


def wait_for_more(answers: Answers) -> None:
    """Wait until a random number of further todos is made, so that each fault comes at another instant."""
    enough = len(acknowledged(answers)) + random.randint(1, 50)
    wait_until(lambda: len(acknowledged(answers)) >= enough, RECOVERY, "the service takes no more writes")


def assert_nothing_lost(person: Person, answers: Answers, *failures: int) -> None:
    """Check that all other answers are problems of these kinds, and that every acknowledged todo can be read."""
    for answer in answers:
        if answer.status_code != 201:
            assert answer.status_code in failures, answer.text
            assert_problem(answer, answer.status_code, CODES[answer.status_code])
            assert answer.status_code != 503 or int(answer.headers["Retry-After"]) > 0
    kept = set(ids(*walk(person, "/api/todos/", limit=200)))
    assert kept >= {answer.json()["id"] for answer in acknowledged(answers)}


def test_connections_that_are_cut_take_no_acknowledged_write_along(alice: Person) -> None:
    with busy(alice) as answers:
        for _ in range(size(4, 100)):
            wait_for_more(answers)
            assert ask(CUT) > 0
        wait_for_more(answers)

    assert_nothing_lost(alice, answers, 503)


def kill(worker: Process) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    wait_until(lambda: worker.pid not in {other.pid for other in app_workers()}, RECOVERY, "a killed worker lives")
    wait_until(lambda: bool(app_workers()), RECOVERY, "no worker takes the place of a killed one")


def test_killed_workers_take_no_acknowledged_write_along(alice: Person) -> None:
    with busy(alice, ChunkedEncodingError) as answers:  # a worker killed within its answer has acknowledged nothing
        for _ in range(size(2, 12)):
            wait_until(lambda: app_workers()[0].age > CRASH_LOOP, RECOVERY, "no worker grows old")
            wait_for_more(answers)
            kill(app_workers()[0])
        wait_for_more(answers)

    assert_nothing_lost(alice, answers, 502, 503)


def test_while_the_database_stands_still_the_process_lives_and_afterwards_all_goes_on(
    alice: Person, anonymous: Person
) -> None:
    with ThreadPoolExecutor(1) as other:
        with frozen_postgresql():
            waiting = other.submit(alice.post, "/api/lists/", json={"name": "Errands"})
            thaw = monotonic() + FREEZE
            while monotonic() < thaw:
                assert anonymous.get("/health/live/", timeout=2).status_code == 200
            assert not waiting.done()

        assert waiting.result().status_code == 201
    assert [row["name"] for row in alice.lists()] == ["Errands"]
    assert alice.make_list("Groceries")


def test_who_would_wait_long_for_a_database_that_stands_still_is_told_to_come_again_and_others_at_once(
    alice: Person, anonymous: Person
) -> None:
    devices = [alice.on_another_device() for _ in range(10)]  # more than there are threads

    def make_list(device: Person) -> requests.Response:
        return device.post("/api/lists/", json={"name": "Errands"})

    with ThreadPoolExecutor(len(devices)) as crowd, frozen_postgresql():
        first = list(crowd.map(make_list, devices))
        second = [crowd.submit(make_list, device) for device in devices]
        most = len(app_workers())  # of which each lets one try
        wait_until(lambda: sum(not call.done() for call in second) <= most, AT_ONCE, "more than one tries")
        assert anonymous.get("/health/live/", timeout=AT_ONCE).status_code == 200

    assert_nothing_lost(alice, first, 503)
    assert {answer.status_code for answer in first} == {503}
    assert {call.result().status_code for call in second} == {201, 503}
    assert alice.make_list("Groceries")
