"""Everything that is measured, in its order."""

import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.ceilings import bytes_rate, statement_rates
from bench.checks import faults
from bench.client import Client
from bench.data import MANY_TODOS, Data
from bench.edge import behind_nginx
from bench.machine import describe
from bench.measure import Laboratory
from bench.operations import (
    CHANGE,
    CREATE,
    NOTHING,
    OFTEN_ASKED,
    ONE_TODO,
    OPERATIONS,
    PAGE,
    PAGE_OF_BUSIEST,
    REPEATABLE,
    WARM_LISTS,
    WARM_PAGE,
    Ask,
)
from bench.results import Results
from bench.stacks import DOABLE, DRF, LIMIT, STACKS, Door, served
from bench.stores import Stores
from bench.tuning import pages_by_setting, tuned
from local.fault import Fault

LONGEST_PAUSE = 160  # milliseconds; sixteen clients that rest half of it ask for some 190 requests a second
MODERATE = (PAGE, WARM_PAGE, ONE_TODO, WARM_LISTS, CREATE, CHANGE)
OWN = (REPEATABLE, NOTHING)  # which the others do not have
GROWING = (DOABLE.name, DRF.name, LIMIT.name)
DEPLOYED = (DOABLE.name, DRF.name)


class Effort(NamedTuple):
    """How much data there is, and how often and how many seconds each is measured."""

    people: tuple[int, ...]  # with a thousand todos each: so many at first, and so many in the end
    busiest: int  # todos of the one who has far more
    rounds: int
    seconds: int
    warm_up: int


FULL = Effort((10, 100, 1_000), MANY_TODOS, rounds=3, seconds=2, warm_up=1)
QUICK = Effort((10, OFTEN_ASKED), MANY_TODOS // 10, rounds=1, seconds=1, warm_up=0)


class Campaign:
    """The measurements on a stack that is up."""

    def __init__(self, stores: Stores, data: Data, effort: Effort, folder: Path) -> None:
        self._stores = stores
        self._data = data
        self._effort = effort
        self._logs, requests = folder / "logs", folder / "requests"
        for made in (self._logs, requests):
            made.mkdir()
        self._laboratory = Laboratory(data, requests, effort.seconds, effort.warm_up)
        self._begun = time.monotonic()

    def run(self) -> Results:
        """Return what was measured; raise Fault where a stack does not do the work that Doable does."""
        servers = [self._stores.postgresql, self._stores.redis, self._stores.nginx]
        self._grow(self._effort.people[0])
        results = Results(f"{datetime.now(UTC):%Y-%m-%d}", describe(servers), self._tune())
        with ExitStack() as exits:
            doors = self._open(exits, results.gunicorn)
            self._require_equal_work(doors)
            self._measure_sizes(doors, results)
            self._measure_operations(doors, results)
            self._measure_behind_nginx(exits, doors, results)
            self._say("what nothing gets beyond")
            results.ceilings |= statement_rates(self._stores.pgbench, self._data, self._effort.seconds)
            results.memory = {name: door.groups[0].megabytes() for name, door in doors.items()}
            self._require_equal_work(doors)
        return results

    def _say(self, what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - self._begun:5.0f} s  {what}\n")

    def _grow(self, people: int) -> None:
        self._say(f"{people:,} people")
        self._data.add_people(people - len(self._data.people))
        self._data.settle()

    def _tune(self) -> dict[str, float]:
        self._say("which setting of gunicorn is the best")
        return pages_by_setting(self._laboratory, self._stores.groups, self._logs)

    def _open(self, exits: ExitStack, pages: dict[str, float]) -> dict[str, Door]:
        stacks = [tuned(pages) if stack is DRF else stack for stack in STACKS]
        return {
            stack.name: exits.enter_context(served(stack, self._logs / f"{stack.name}.log", self._stores.groups))
            for stack in stacks
        }

    def _require_equal_work(self, doors: Mapping[str, Door]) -> None:
        self._say("whether all do the same work")
        clients = {name: Client(door.port) for name, door in doors.items()}
        if found := list(faults(clients, self._data)):
            raise Fault("\n".join(("not all do the same work:", *found)))

    def _visit(self, doors: Mapping[str, Door]) -> None:
        """Ask once for everybody: then the sessions of few people and of many are known, as of who comes again."""
        for door in doors.values():
            client = Client(door.port)
            for person in self._data.people:
                client.ask(Ask.read(person, "/api/lists/"))

    def _measure_sizes(self, doors: Mapping[str, Door], results: Results) -> None:
        """Measure pages while the data grows, and those of the person who has most of it."""
        growing = {name: doors[name] for name in GROWING}
        for people in self._effort.people:
            if people > len(self._data.people):
                self._grow(people)
            self._visit(growing)
            results.sizes.append(self._laboratory.compare(growing, PAGE, self._effort.rounds))
        self._say(f"{self._effort.busiest:,} todos more, of one person")
        self._data.add_busiest(self._effort.busiest)
        self._data.settle()
        results.sizes.append(self._laboratory.compare(growing, PAGE_OF_BUSIEST, self._effort.rounds))

    def _measure_operations(self, doors: Mapping[str, Door], results: Results) -> None:
        for operation in (*OPERATIONS, NOTHING):
            self._say(operation.title)
            self._visit(doors)
            own = {DOABLE.name: doors[DOABLE.name]}
            results.direct.append(
                self._laboratory.compare(own if operation in OWN else doors, operation, self._effort.rounds)
            )

    def _measure_behind_nginx(self, exits: ExitStack, doors: Mapping[str, Door], results: Results) -> None:
        edges = {
            name: exits.enter_context(behind_nginx(door, self._stores.nginx, self._logs / name))
            for name, door in doors.items()
        }
        self._data.settle()
        deployed = {name: edges[name] for name in DEPLOYED}
        for operation in OPERATIONS:
            if operation is not REPEATABLE:
                self._say(f"behind nginx: {operation.title}")
                results.behind_nginx.append(self._laboratory.compare(deployed, operation, self._effort.rounds))
        for operation in MODERATE:
            self._say(f"moderate load: {operation.title}")
            results.moderate.append(self._laboratory.compare(edges, operation, 1, LONGEST_PAUSE))
        results.ceilings["nginx"] = bytes_rate(edges[DOABLE.name], self._data, self._logs, self._effort.seconds)
