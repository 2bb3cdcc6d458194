"""What was measured, as it is kept in a file."""

from statistics import median
from typing import NamedTuple

import msgspec

from bench.load import Load


class Run(msgspec.Struct):
    """One run: the load, the microseconds of a processor that each program took for a request, and who else was there.

    ``foreign`` is the share of the machine's processors that others had meanwhile.
    """

    load: Load
    costs: dict[str, float]
    foreign: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.load.requests / self.load.seconds


Round = dict[str, Run]  # by stack


class Ratio(NamedTuple):
    """The median of the ratios of all rounds, and the lowest and the highest."""

    median: float
    lowest: float
    highest: float


class Comparison(msgspec.Struct):
    """The rounds of one operation, in a database of so many todos."""

    operation: str
    title: str
    todos: int
    rounds: list[Round]

    def runs(self, stack: str) -> list[Run]:
        return [each[stack] for each in self.rounds if stack in each]

    def rate(self, stack: str) -> float:
        return median(run.rate for run in self.runs(stack))

    def costs(self, stack: str) -> dict[str, float]:
        """Return what a request costs each program; what disturbs makes it dearer, so the lowest is the best known."""
        cheapest = min(self.runs(stack), key=lambda run: sum(run.costs.values()))
        return cheapest.costs

    def ratio(self, stack: str, other: str) -> Ratio | None:
        """Return how many times as many requests a stack answers, round by round; None where one of them has none."""
        pairs = [each[stack].rate / each[other].rate for each in self.rounds if stack in each and other in each]
        return Ratio(median(pairs), min(pairs), max(pairs)) if pairs else None

    def milliseconds(self, stack: str) -> tuple[float, float]:
        """Return the median of each run's p50 and of its p99."""
        loads = [run.load for run in self.runs(stack)]
        return median(load.p50 for load in loads), median(load.p99 for load in loads)


class Results(msgspec.Struct):
    """Everything that one call of `make bench` has measured."""

    made_on: str
    machine: dict[str, str]
    gunicorn: dict[str, float]  # pages a second by setting
    direct: list[Comparison] = []
    behind_nginx: list[Comparison] = []
    moderate: list[Comparison] = []
    sizes: list[Comparison] = []
    ceilings: dict[str, float] = {}  # a second
    memory: dict[str, list[float]] = {}  # MiB of each process by stack, the first one first
