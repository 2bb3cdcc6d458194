"""While a container is stopped, stands still or is killed, nobody is told wrong, and nothing acknowledged is lost."""

import sys
from collections.abc import Callable, Iterator

import pytest

from local.waiting import wait_until
from tests.compose.deployment import Deployment
from tests.compose.faults import (
    fill_redis,
    freeze_db,
    freeze_redis,
    kill_backend,
    kill_db,
    kill_server,
    kill_worker,
    restart_db,
    take_db_away,
    take_redis_away,
)
from tests.compose.siege import Siege
from tests.drill import size
from tests.insisting import CUT_OFF, wait_for_an_answer

pytestmark = pytest.mark.compose

RECOVERY = 2  # seconds after which all goes on
WELL = {200, 201}
HEALTHY = 120  # seconds until the health checks have seen it
KILLS = size(8, 200)
KINDS = (kill_worker, kill_backend, kill_worker, kill_server, kill_worker, kill_backend, kill_worker, kill_db)


@pytest.fixture(scope="module", autouse=True)
def _healthy_in_the_end(deployment: Deployment) -> Iterator[None]:
    """Let the tests that follow find everything at work."""
    yield
    wait_until(lambda: set(deployment.states().values()) == {"healthy"}, HEALTHY, "not all services recover")


@pytest.fixture
def siege(deployment: Deployment) -> Siege:
    return Siege(deployment)


@pytest.mark.parametrize("fault", [restart_db, kill_db, kill_backend, take_db_away, freeze_db])
def test_without_postgresql_all_that_need_it_are_told_to_come_again_and_find_it_at_once(
    deployment: Deployment, siege: Siege, fault: Callable[[Deployment], float], capsys: pytest.CaptureFixture[str]
) -> None:
    with siege.running():
        wait_for_an_answer(siege.devices)
        ready = fault(deployment)
        wait_for_an_answer(siege.devices)

    first, last = siege.recovery(ready)
    with capsys.disabled():
        sys.stdout.write(
            f"{siege.told(fault.__name__)}; first success {first:.2f} s, last failure {last:.2f} s after it"
        )
    assert siege.statuses.keys() <= WELL | {503, 409}
    assert siege.statuses[503] > 0
    assert {look.status for look in siege.looks} == {200}
    assert first < RECOVERY > last


@pytest.mark.parametrize("fault", [take_redis_away, freeze_redis, fill_redis])
def test_without_redis_every_call_is_done_at_the_first_attempt(
    deployment: Deployment, siege: Siege, fault: Callable[[Deployment], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with siege.running():
        wait_for_an_answer(siege.devices)
        fault(deployment)
        wait_for_an_answer(siege.devices)

    with capsys.disabled():
        sys.stdout.write(siege.told(fault.__name__))
    assert siege.statuses.keys() == WELL
    assert siege.calls.keys() == {"at once"}
    assert {look.status for look in siege.looks} == {200}


@pytest.mark.timeout(0)
def test_whatever_is_killed_at_whatever_instant_nothing_is_lost_or_made_twice(
    deployment: Deployment, siege: Siege, capsys: pytest.CaptureFixture[str]
) -> None:
    with siege.running():
        for number in range(KILLS):
            wait_for_an_answer(siege.devices)
            KINDS[number % len(KINDS)](deployment)
        wait_for_an_answer(siege.devices)

    with capsys.disabled():
        sys.stdout.write(siege.told(f"{KILLS} kills"))
    assert siege.statuses.keys() <= WELL | {CUT_OFF, 409, 502, 503, 504}
    assert siege.calls.keys() > {"at once"}, "nobody has felt a kill"
