"""Rounds: the same requests to one stack after the other, forth and back, and what they have cost each."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from bench.client import Client
from bench.data import Data
from bench.load import CLIENTS, Load, put_load, write_requests
from bench.operations import Ask, Operation
from bench.processes import PROCESSORS, Meter, wait_until_idle
from bench.results import Comparison, Round, Run
from bench.stacks import Door
from local.fault import Fault

MOST_A_SECOND = 10_000  # requests that one processor may see answered
QUIET = 0.07  # the share of the processors that others may have in a round that counts
WRITTEN = "SELECT count(*) FROM core_todo WHERE updated_at >= %s"


class Trial(NamedTuple):
    """One stack in one round; a client rests for up to ``longest_pause`` milliseconds, or not at all."""

    stack: str
    door: Door
    operation: Operation
    round: str
    longest_pause: int | None = None

    @property
    def seed(self) -> str:
        """Name the requests: those of all stacks in a round, but a change that was made can't be made again."""
        name = f"{self.operation.name} {self.round}"
        is_own = self.operation.is_write or self.operation.is_conditional
        return f"{name} {self.stack} {self.door.port}" if is_own else name


class Laboratory:
    """The data, a folder for the requests, and how many seconds a run takes, and warming up before the first."""

    def __init__(self, data: Data, folder: Path, seconds: int, warm_up: int) -> None:
        self.data = data
        self._folder = folder
        self._seconds = seconds
        self._warm_up = warm_up
        self._counts: dict[str, int] = {}  # requests in each file of the folder
        self._comparisons = 0

    def compare(
        self, doors: Mapping[str, Door], operation: Operation, rounds: int, longest_pause: int | None = None
    ) -> Comparison:
        """Measure an operation at each door; keep the rounds that others disturbed least.

        Of three rounds one may be a fourth, in place of one in which others had too much of the processors.
        """
        self._comparisons += 1
        for stack, door in doors.items() if self._warm_up else ():
            trial = Trial(stack, door, operation, f"{self._comparisons} warm-up")
            if self._prepare(trial):
                self._send(trial, self._warm_up)
        found: list[Round] = []
        while sum(disturbance(each) <= QUIET for each in found) < rounds and len(found) < rounds + rounds // 3:
            name = f"{self._comparisons} {len(found)}"
            trials = [Trial(*door, operation, name, longest_pause) for door in doors.items()]
            found.append(self._round(trials, is_backward=len(found) % 2 == 1))
        for seed in self._counts:
            (self._folder / seed).unlink()
        self._counts.clear()
        return Comparison(operation.name, operation.title, self.data.todos, sorted(found, key=disturbance)[:rounds])

    def _round(self, trials: list[Trial], *, is_backward: bool) -> Round:
        runs = {trial.stack: self._run(trial) for trial in (reversed(trials) if is_backward else trials)}
        return {trial.stack: run for trial in trials if (run := runs[trial.stack])}

    def _run(self, trial: Trial) -> Run | None:
        """Return what a run has cost, None where the stack has no such operation."""
        if not self._prepare(trial):
            return None
        begun, meter = datetime.now(UTC), Meter(trial.door.groups)
        load = self._send(trial, self._seconds)
        used, foreign = meter.read()
        if trial.operation.is_write:
            self._require_written(load, begun)
        return Run(load, {name: 1e6 * seconds / load.requests for name, seconds in used.items()}, foreign)

    def _prepare(self, trial: Trial) -> int:
        """Write the requests, once for all that get the same, and return how many there are."""
        if trial.operation.is_cold:
            self.data.outgrow_caches()
        if trial.seed not in self._counts:
            self._counts[trial.seed] = write_requests(self._folder / trial.seed, (ask.raw for ask in self._asks(trial)))
        return self._counts[trial.seed]

    def _send(self, trial: Trial, seconds: int) -> Load:
        """Send the requests; raise Fault where an answer can't be right, or comes a second time."""
        operation = trial.operation
        load = put_load(trial.door.port, self._folder / trial.seed, seconds, trial.longest_pause)
        wait_until_idle(trial.door.groups[0])
        if operation.is_cold and load.requests > self._counts[trial.seed]:
            raise Fault(f"{operation.title}: {load.requests} answers are more than there were requests to send once")
        if load.bytes // load.requests not in operation.bytes:
            raise Fault(f"{operation.title} of {trial.stack}: {load.bytes // load.requests} bytes are no right answer")
        return load

    def _asks(self, trial: Trial) -> Iterable[Ask]:
        asks = trial.operation.asks(self.data, Random(trial.seed))
        some = islice(asks, self._seconds * PROCESSORS * MOST_A_SECOND)
        return known(Client(trial.door.port), some) if trial.operation.is_conditional else some

    def _require_written(self, load: Load, begun: datetime) -> None:
        """Raise Fault unless what was answered is stored.

        Nobody has waited for the last answers of this load, nor of the one before.
        """
        row = self.data.connection.execute(WRITTEN, [begun]).fetchone()
        if not row or not load.requests <= row[0] <= load.requests + 2 * CLIENTS:
            raise Fault(f"{load.requests} writes were answered, and {row} rows are there")


def known(client: Client, asks: Iterable[Ask]) -> Iterable[Ask]:
    """Yield the requests of one who has the answers already; none of a stack that gives no ETag."""
    for ask in asks:
        if tag := client.ask(ask).tag:
            yield ask.with_headers(If_None_Match=tag)


def disturbance(of: Round) -> float:
    return max((run.foreign for run in of.values()), default=0)
