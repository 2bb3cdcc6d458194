"""A large account goes out and in within the memory of a small one."""

from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import pytest

from tests.cast import Person
from tests.drill import size
from tests.exchange.accounts import fill
from tests.exchange.transfers import apply, begun, export_of, settled
from tests.processes import Process, app_workers, children_of, find, postmaster

pytestmark = [pytest.mark.drill, pytest.mark.timeout(size(240, 0))]

GROWTH = 30  # MiB
SMALL, LARGE = 1000, size(2000, 100_000)
PATIENCE = 600  # seconds


def jobs_process() -> Process:
    server = find(postmaster())
    assert server
    [jobs] = [
        child for child in children_of(server.parent) if b"run_jobs" in Path(f"/proc/{child.pid}/cmdline").read_bytes()
    ]
    return jobs


class Watch(Thread):
    """Notes the most memory that processes have, until the end of its block."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most: dict[int, float] = {}
        self._over = Event()

    def run(self) -> None:
        while not self._over.wait(0.05):
            for process in (*app_workers(), jobs_process()):
                self.most[process.pid] = max(self.most.get(process.pid, 0), process.memory)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()


def go_round(giver: Person, taker: Person) -> None:
    """Export and import, by way of a request whose body is not held in memory as an object."""
    given = giver.get("/api/export/", timeout=PATIENCE)
    import_id = begun(taker, given.content)
    found = settled(taker, import_id, PATIENCE)
    assert found["state"] == "checked", found
    assert apply(taker, import_id).status_code == 200
    assert export_of(taker)["sha256"] == given.json()["sha256"] == found["sha256"]


def test_a_large_account_takes_no_more_memory_than_a_small_one(sign_up: Any) -> None:
    people = [sign_up(name) for name in ("alice", "bob", "carol", "dave", "erin", "frank")]
    fill(people[0], SMALL)
    fill(people[2], SMALL)
    fill(people[4], LARGE)
    go_round(*people[:2])  # whatever is loaded once is loaded now
    with Watch() as small:
        go_round(*people[2:4])

    with Watch() as large:
        go_round(*people[4:])

    assert large.most.keys() == small.most.keys()
    grown = {pid: large.most[pid] - small.most[pid] for pid in large.most}
    print("MiB:", small.most, "and", large.most)  # noqa: T201 - the figures of docs/export.md
    assert max(grown.values()) < GROWTH, grown
