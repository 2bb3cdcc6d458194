"""What a person may rely on when the stack ends, in whatever way."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from local.waiting import wait_until
from tests.cast import Person
from tests.local.supervisor import STOP_DEADLINE, is_alive, started


def test_a_stopped_stack_leaves_no_process_and_finds_its_data_again(data: Path) -> None:
    with started(data) as first:
        alice = Person("alice", first.url)
        alice.sign_up()
        todo = alice.make_todo(alice.make_list())
        family = first.family()
        assert first.stop() == 0
        assert not any(map(is_alive, family))
    with started(data) as second:
        alice.url = second.url
        assert alice.get(f"/api/todos/{todo['id']}/").json()["title"] == todo["title"]
        assert second.stop(signal.SIGINT) == 0


def test_a_killed_supervisor_leaves_no_process_and_can_start_again_at_once(data: Path) -> None:
    with started(data) as first:
        family = first.family()
        assert len(family) > 8
        first.process.kill()
        with started(data) as second:
            assert not any(map(is_alive, family))
            assert second.stop() == 0


def test_the_data_survives_a_crash_of_everything_at_once(data: Path) -> None:
    with started(data) as first:
        alice = Person("alice", first.url)
        alice.sign_up()
        for pid in (first.process.pid, *first.family()):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert (data / "postgresql" / "postmaster.pid").exists()
    with started(data) as second:
        alice.url = second.url
        assert alice.get("/auth/me/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "postgres",
        pytest.param("nginx", marks=pytest.mark.drill),
        pytest.param("python", marks=pytest.mark.drill, id="jobs"),
    ],
)
def test_the_end_of_one_server_is_told_and_ends_all(data: Path, name: str) -> None:
    with started(data) as supervisor:
        family = supervisor.family()
        os.kill(next(pid for pid, found in family.items() if found == name), signal.SIGKILL)
        assert supervisor.process.wait(STOP_DEADLINE) == 1
        assert f"has ended (SIGKILL); the end of {data}/logs/" in supervisor.said
        wait_until(lambda: not any(map(is_alive, family)), STOP_DEADLINE, f"of {family} some are left")
