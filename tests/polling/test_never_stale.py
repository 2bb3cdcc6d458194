"""Who was told that a change is made sees it in every answer from then on, whatever happens to Redis and the app."""

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import requests

from tests.cast import Person, created
from tests.drill import size
from tests.fragile import FragileApp, fragile_app
from tests.stores import FragileRedis

pytestmark = pytest.mark.drill

READS = size(300, 100_000)
READERS = 4  # of the writer's own devices
PERSONS = 2
PAUSE = size(1, 3)  # seconds between two faults, at the most
OUTAGES = requests.RequestException
PATHS = ["/api/todos/", "/api/todos/?limit=200&status=todo", "/api/lists/", "/api/todos/?q=milk"]


class Shelf:
    """A person with one todo whose title counts the changes, and devices that look at it."""

    def __init__(self, person: Person) -> None:
        created(person.sign_up())
        self.person = person
        self.groceries = person.make_list("Groceries 0")
        self.todo = person.make_todo(self.groceries, "Milk 0")
        self.devices = [person.on_another_device() for _ in range(READERS)]
        self.known: dict[tuple[Person, str], requests.Response] = {}
        self.count = 0

    def change(self) -> bool:
        """Count one on in the todo and in the list; say whether both were acknowledged."""
        changes = [
            {"do": "update_todo", "id": self.todo["id"], "title": f"Milk {self.count + 1}"},
            {"do": "update_list", "id": self.groceries["id"], "name": f"Groceries {self.count + 1}"},
        ]
        try:
            is_made = self.person.post("/api/batch/", json={"commands": changes}).ok
        except OUTAGES:
            is_made = False
        self.count += 1  # what was not acknowledged may have happened; it is never made again
        return is_made

    def look(self, device: Person, path: str) -> str:
        """Return what a device sees at a path, or was shown before where that is still good; "" during an outage."""
        known = self.known.get((device, path))
        tags = {"If-None-Match": known.headers["ETag"]} if known is not None and random.random() < 0.5 else {}
        try:
            answer = device.get(path, headers=tags)
        except OUTAGES:
            return ""
        if answer.status_code == 304 and known is not None:
            return known.text
        if answer.status_code != 200:
            assert answer.status_code in (502, 503, 504), answer.text
            return ""
        self.known[device, path] = answer
        return answer.text


def work(shelf: Shelf, reads: int, tally: Counter[str]) -> None:
    """Change and look, until there were so many looks that had to show the change."""
    with ThreadPoolExecutor(READERS) as crowd:
        while tally["reads"] < reads:
            if shelf.change():
                looks = [(device, path) for device in shelf.devices for path in random.sample(PATHS, 2)] * 2
                for (_, path), seen in zip(looks, crowd.map(lambda look: shelf.look(*look), looks), strict=True):
                    check(shelf, path, seen, tally)


def check(shelf: Shelf, path: str, seen: str, tally: Counter[str]) -> None:
    expected = f'"{"Groceries" if "lists" in path else "Milk"} {shelf.count}"'
    tally["reads" if seen else "outages"] += 1
    if seen and expected not in seen:
        tally["stale"] += 1


def faults_of(redis: FragileRedis, app: FragileApp) -> Iterator[Callable[[], Any]]:
    """Yield one fault after another, each followed by its end."""

    def restart() -> None:
        redis.kill()
        redis.start()

    yield from cycle(
        [redis.flush, redis.freeze, redis.thaw, redis.fill_up, redis.make_room, restart, app.kill_something]
    )


@pytest.mark.timeout(0)
def test_no_answer_is_older_than_what_was_acknowledged(
    redis: FragileRedis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    over, tally = Event(), Counter[str]()
    with fragile_app(tmp_path, REDIS_URL=redis.url) as (app, url), ThreadPoolExecutor(PERSONS) as crowd:
        shelves = [Shelf(Person(name, url)) for name in ("alice", "bob")]
        workers = [crowd.submit(work, shelf, READS, tally) for shelf in shelves]
        for worker in workers:
            worker.add_done_callback(lambda _: over.set())
        faults = faults_of(redis, app)
        while not over.wait(random.uniform(0, PAUSE)):  # the experiment itself: no outcome depends on how long
            next(faults)()
            tally["faults"] += 1
        redis.thaw()
        for worker in workers:
            worker.result()
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(tally)}\n")
    assert tally["stale"] == 0
