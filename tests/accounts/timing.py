"""Whether two kinds of requests can be told apart by the time they take."""

import random
from collections.abc import Callable
from statistics import median
from typing import NamedTuple

import requests


class Comparison(NamedTuple):
    """How long requests of two kinds took, in seconds."""

    first: list[float]
    second: list[float]

    @property
    def auc(self) -> float:
        """Return how often a request of the second kind takes longer than one of the first: 0.5 tells nothing."""
        longer = sum((b > a) + (b == a) / 2 for a in self.first for b in self.second)
        return longer / (len(self.first) * len(self.second))

    def __str__(self) -> str:
        first, second = (f"{median(kind) * 1000:.1f} ms" for kind in self)
        return f"AUC {self.auc:.3f}, p50 {first} and {second}, n = {len(self.first)} each"


def compare(
    first: Callable[[int], requests.Response], second: Callable[[int], requests.Response], times: int
) -> Comparison:
    """Send both kinds in turn, in an order that is drawn anew each time; all answers have to have the same status."""
    kinds: list[tuple[Callable[[int], requests.Response], list[float]]] = [(first, []), (second, [])]
    statuses = set()
    for number in range(times):
        for ask, seconds in random.sample(kinds, 2):
            answer = ask(number)
            seconds.append(answer.elapsed.total_seconds())
            statuses.add(answer.status_code)
    assert len(statuses) == 1, statuses
    return Comparison(kinds[0][1], kinds[1][1])
