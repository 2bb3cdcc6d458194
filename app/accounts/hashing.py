"""The gate through which passwords are hashed and checked, so that a wave of logins never starves the API.

A hash keeps a processor busy and 19 MiB of memory for some thirty milliseconds. A process works on one at a time,
and the thread that does so gives way to those that answer requests.
"""

import logging
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import BoundedSemaphore
from typing import TypeVar

from django.contrib.auth.hashers import make_password, verify_password

from app.common.errors import Code, Problem
from app.ops.metrics import hashes_refused

log = logging.getLogger(__name__)
T = TypeVar("T")

RUNNING = 1
LONGEST_WAIT = 10.0  # seconds; nginx gives up after 15
WAITING = 2  # each occupies a thread of granian, of which the API needs one (GRANIAN_BLOCKING_THREADS)


class Gate:
    """Runs what it is given in threads of the lowest priority, a few at a time, and refuses the surplus at once."""

    def __init__(self, *, running: int, waiting: int) -> None:
        self._places = BoundedSemaphore(running + waiting)
        self._threads = ThreadPoolExecutor(running, "hashing", initializer=give_way)

    def run(self, work: Callable[[], T]) -> T:
        """Return what ``work`` returns; raise Problem (503) where too many wait already, or it takes too long.

        ``work`` must not touch the database: connections belong to the thread that opened them.
        """
        if not self._places.acquire(blocking=False):
            hashes_refused.inc()
            raise Problem(Code.UNAVAILABLE, "Too many people are logging in at this moment. Try again shortly.")
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        try:
            return future.result(LONGEST_WAIT)
        except TimeoutError:
            hashes_refused.inc()
            raise Problem(Code.UNAVAILABLE, "The machine is too busy to check passwords. Try again shortly.") from None


def give_way() -> None:
    """Let this thread run only while no other wants the processor, as far as the system knows such threads.

    With a mere niceness, requests wait for the rest of its time slice (bench/login_flood.py).
    """
    if sys.platform != "linux":
        return
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except OSError:  # some sandboxes know no other kind of threads
        log.warning("the thread that hashes passwords can't give way to requests", exc_info=True)


gate = Gate(running=RUNNING, waiting=WAITING)


def make_hash(password: str) -> str:
    """Return the hash to be stored; raise Problem (503) where too many wait already."""
    return gate.run(partial(make_password, password))


def matches(password: str, encoded: str, upgrade: Callable[[str], None]) -> bool:
    """Return whether a password is the one that was hashed; raise Problem (503) where too many wait already.

    ``upgrade`` is called with a new hash where the password is right and its hash weaker than those made today.
    """
    is_right, renewed = gate.run(partial(_check, password, encoded))
    if renewed:
        upgrade(renewed)
    return is_right


def waste_one(password: str) -> None:
    """Take as long as a check would, for an account that does not exist."""
    make_hash(password)


def _check(password: str, encoded: str) -> tuple[bool, str | None]:
    is_right, is_weak = verify_password(password, encoded)
    return is_right, make_password(password) if is_right and is_weak else None
