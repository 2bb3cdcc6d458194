"""Waiting for a condition with a deadline."""

import time
from collections.abc import Callable

from local.fault import Fault

PAUSE = 0.02  # seconds between two looks


def wait_until(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Return as soon as the condition holds. Raise Fault with the sentence where the deadline passes."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Fault(otherwise)
        time.sleep(PAUSE)
