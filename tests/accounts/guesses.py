"""Guessing at passwords, from wherever one likes: through nginx, all guesses would come from one address."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.cast import Person

PATIENCE = 30  # seconds
AT_ONCE = 16  # twice as many as the app has threads; many more would only keep Redis from its processor


def guess(app: str, email: str, address: str = "203.0.113.1", **instead: str) -> requests.Response:
    """Try a password at an app that has no nginx before it, as if nginx had seen this address."""
    guesser = Person("guesser", app)
    guesser.email, guesser.password = email, "not the password"
    guesser.headers["X-Real-IP"] = address
    return patiently(lambda: guesser.log_in(**instead))


def patiently(ask: Callable[[], requests.Response]) -> requests.Response:
    """Ask again while too many are being let in at the same moment (503), which counts for nothing."""
    give_up = time.monotonic() + PATIENCE
    while (answer := ask()).status_code == 503 and time.monotonic() < give_up:
        continue
    return answer


def guess_from_everywhere(app: str, email: str, times: int) -> list[requests.Response]:
    """Guess as fast as the app can take it, each time from another network."""
    with ThreadPoolExecutor(AT_ONCE) as guessers:
        return list(guessers.map(lambda n: guess(app, email, f"10.0.{n}.1"), range(times)))


def statuses(answers: Iterable[requests.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)
