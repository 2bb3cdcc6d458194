"""A limit on how long something may take, also where it waits for a server that has stopped answering."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from django.db import OperationalError

AGAIN = 1.0  # seconds after which whoever has swallowed the error gets the next one


class OverdueError(OperationalError):
    """What was in hand took too long. It is an error of the database so that a transaction ends as after any other."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise OverdueError inside the block after that time.

    It is for the main thread alone, the only one that Python hands signals to, and blocks don't nest.
    """
    signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise OverdueError("it took too long and was broken off")
