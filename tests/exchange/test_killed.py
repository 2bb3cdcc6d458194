"""Whoever is killed while an import is checked or applied loses nothing, and doubles nothing."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import requests

from local.waiting import wait_until
from tests.cast import Person, created
from tests.drill import size
from tests.exchange.accounts import fill
from tests.exchange.transfers import GOES_ON, apply, begun, export_of, look, settled
from tests.processes import processes_with
from tests.servers import second_app
from tests.workers import WORKS, Database, own_database, worker

pytestmark = [pytest.mark.drill, pytest.mark.timeout(size(240, 0))]

PRODUCT = "app.config.settings"
PATIENCE = 600  # seconds


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with own_database() as database:
        yield database


@pytest.fixture(scope="module")
def variables(database: Database, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the app and the jobs have in common."""
    return {"DATABASE_URL": database.url, "MEDIA_ROOT": str(tmp_path_factory.mktemp("media"))}


@pytest.fixture(scope="module")
def given(database: Database, variables: dict[str, str]) -> bytes:
    """Return an export of some size."""
    with second_app(**variables) as url:
        alice = Person("alice", url)
        created(alice.sign_up())
        fill(alice, size(2000, 40_000), database.name)
        return alice.get("/api/export/", timeout=PATIENCE).content


def test_a_check_that_is_killed_again_and_again_finds_everything_once(
    given: bytes, database: Database, variables: dict[str, str], tmp_path: Path
) -> None:
    dice, kills = random.Random(5), 0
    with second_app(**variables) as url:
        bob = Person("bob", url)
        created(bob.sign_up())
        import_id = begun(bob, given)

        while look(bob, import_id)["state"] in GOES_ON:
            with worker(database, tmp_path / f"{kills}.log", PRODUCT, **variables) as victim:
                victim.wait_until_it_says(WORKS)
                time.sleep(dice.uniform(0.1, 0.7))
                victim.end(signal.SIGKILL)
            kills += 1

        assert kills >= size(1, 10)
        assert look(bob, import_id)["problem_count"] == 0
        assert apply(bob, import_id).status_code == 200
        assert_same(bob, given)


def test_an_import_whose_app_is_killed_while_it_is_applied_is_made_once(
    given: bytes, database: Database, variables: dict[str, str], tmp_path: Path
) -> None:
    dice, bob = random.Random(7), Person("bob")
    with second_app(**variables) as bob.url, worker(database, tmp_path / "jobs.log", PRODUCT, **variables):
        created(bob.sign_up())
        import_id = begun(bob, given)
        assert settled(bob, import_id, PATIENCE)["state"] == "checked"

    for _ in range(size(2, 20)):
        with second_app(**variables) as bob.url:
            was_made = look(bob, import_id)["state"] == "applied"
            assert (len(export_of(bob)["todos"]) > 0) == was_made
            call = Thread(target=try_to_apply, args=[bob, import_id])
            call.start()
            time.sleep(dice.uniform(0.01, size(1, 4)))
            for pid in processes_with(f"GRANIAN_PORT={urlsplit(bob.url).port}"):
                os.kill(pid, signal.SIGKILL)
            call.join()

    with second_app(**variables) as bob.url:
        if look(bob, import_id)["state"] == "checked":
            wait_until(lambda: apply(bob, import_id).status_code == 200, PATIENCE, "it is never applied")
        assert_same(bob, given)


def try_to_apply(person: Person, import_id: str) -> None:
    with suppress(requests.RequestException):
        apply(person, import_id)


def assert_same(person: Person, given: bytes) -> None:
    assert export_of(person)["sha256"].encode() in given
