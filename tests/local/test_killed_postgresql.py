"""PostgreSQL killed in the middle of its work, and started again: what was acknowledged is there, once."""

import os
import random
import signal
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from time import sleep

import pytest

from local.port import held
from tests.cast import Person, created
from tests.drill import size
from tests.insisting import assert_all_there, insisting, wait_for_an_answer
from tests.local.supervisor import STOP_DEADLINE, Supervisor, started
from tests.processes import postmaster

pytestmark = pytest.mark.drill


KILLS = size(1, 10)


def kill_postgresql(supervisor: Supervisor, data: Path) -> None:
    """Kill it at a random moment; its supervisor says so, stops the others and ends."""
    sleep(random.uniform(0, 0.03))  # the experiment itself: no outcome depends on how long
    os.kill(postmaster(data), signal.SIGKILL)
    assert supervisor.process.wait(STOP_DEADLINE) == 1
    assert "PostgreSQL has ended (SIGKILL)" in supervisor.said


@pytest.mark.timeout(0)
def test_a_killed_postgresql_takes_no_acknowledged_change_along(data: Path) -> None:
    with ExitStack() as work:
        port = str(work.enter_context(held()))
        with started(data, PORT=port, RATE_LIMIT_EXEMPT="127.0.0.1") as supervisor:
            alice = Person("alice", supervisor.url)
            created(alice.sign_up())
            devices = work.enter_context(insisting([alice], Counter()))
            wait_for_an_answer(devices)
            kill_postgresql(supervisor, data)
        for _ in range(KILLS - 1):
            with started(data, PORT=port, RATE_LIMIT_EXEMPT="127.0.0.1") as supervisor:
                wait_for_an_answer(devices)
                kill_postgresql(supervisor, data)
        with started(data, PORT=port, RATE_LIMIT_EXEMPT="127.0.0.1"):
            wait_for_an_answer(devices)
            work.close()
            assert_all_there(alice, devices)
