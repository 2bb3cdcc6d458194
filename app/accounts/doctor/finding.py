"""What a check finds."""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from app.common.deadlines import deadline

LIMIT = 5.0  # seconds


class Level(Enum):
    """How bad it is: only ``FAIL`` needs someone now."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Finding(NamedTuple):
    """How bad it is, and what was seen, with what to do about it."""

    level: Level
    text: str


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def warn(text: str) -> Finding:
    return Finding(Level.WARN, text)


def fail(text: str) -> Finding:
    return Finding(Level.FAIL, text)


class Check(NamedTuple):
    """A question, what to do where it can't be answered, and the check without which there is no asking."""

    name: str
    ask: Callable[[], Finding]
    advice: str
    needs: str = ""

    def look(self) -> Finding:
        """Return what was found, within five seconds; whatever goes wrong is found too."""
        try:
            with deadline(LIMIT):
                return self.ask()
        except Exception as fault:  # noqa: BLE001 - a check that breaks is what the doctor is for
            reason = (str(fault) or type(fault).__name__).partition("\n")[0].rstrip(".")
            return fail(f"{reason}. {self.advice}")
