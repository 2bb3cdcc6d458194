"""What a worker that has ended leaves behind: what it has counted, and nothing of how it was."""

import os
import signal
from pathlib import Path

from local.waiting import wait_until
from tests.cast import Person, created
from tests.metrics.samples import Samples
from tests.servers import is_live, second_app
from tests.stores import fragile_redis

PATIENCE = 20  # seconds


def test_a_worker_that_has_ended_counts_on_but_does_without_redis_no_more(tmp_path: Path) -> None:
    shared = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "GRANIAN_RESPAWN_FAILED_WORKERS": "true"}
    with fragile_redis() as redis, second_app(REDIS_URL=redis.url, **shared) as url:
        alice = Person("alice", url)
        created(alice.sign_up())
        redis.kill()
        for _ in range(3):
            assert alice.get("/api/todos/").ok
        before = Samples.read(url)
        assert before.of("doable_redis_given_up") == 1

        [of_worker] = tmp_path.glob("gauge_livesum_*.db")
        os.kill(int(of_worker.stem.rpartition("_")[2]), signal.SIGKILL)
        wait_until(lambda: is_live(url), PATIENCE, "no worker takes the place of a killed one")

        after = Samples.read(url)
    assert after.of("doable_redis_given_up") == 0
    assert pages_read(after) == pages_read(before) == 3


def pages_read(found: Samples) -> float:
    return found.of("doable_request_seconds_count", method="GET", route="api/todos/", status="200")
