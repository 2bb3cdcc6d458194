"""Whenever the service is killed: who repeats what was not answered ends with each change made once."""

import random
import sys
from collections import Counter
from pathlib import Path
from time import sleep

import pytest

from tests.cast import Person, created
from tests.drill import size
from tests.fragile import FragileApp, fragile_app
from tests.insisting import Device, assert_all_counted, assert_all_there, insisting, of, wait_for_an_answer
from tests.rows import ask, revision_of

pytestmark = pytest.mark.drill

KILLS = size(12, 200)
KEPT = "SELECT count(*) FROM core_stored_answer WHERE user_id = (SELECT id FROM core_user WHERE email = %s)"
LIFE = 0.03  # seconds; within them a call is sent, does its work and is answered


def kill_while_they_work(app: FragileApp, devices: list[Device]) -> None:
    """Kill a part of the service at a random moment of somebody's call."""
    wait_for_an_answer(devices)
    sleep(random.uniform(0, LIFE))  # the experiment itself: no outcome depends on how long
    app.kill_something()


@pytest.mark.timeout(0)
def test_killed_at_any_instant_nothing_is_lost_or_made_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally: Counter[str] = Counter()
    with fragile_app(tmp_path) as (app, url):
        people = [Person("alice", url), Person("bob", url)]
        for person in people:
            created(person.sign_up())
        revisions = [revision_of(person) for person in people]
        with insisting(people, tally) as devices:
            for _ in range(KILLS):
                kill_while_they_work(app, devices)

        for person, revision in zip(people, revisions, strict=True):
            assert_all_there(person, devices)
            writes, kept = revision_of(person) - revision, ask(KEPT, person.email)
            assert_all_counted(of(person, devices), writes, kept)
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} kills; calls that were done: {dict(tally)}\n")
