"""Periodic jobs, done once for each deployment: of all processes that offer to, the one with the lock does them.

The lock belongs to a connection to PostgreSQL, the same over which the jobs reach it. Whoever loses the connection
loses both at once, so no two processes work at a time.
"""

import logging
import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from app.common.deadlines import deadline
from app.common.models import Job

log = logging.getLogger("doable.jobs")

STOP = {signal.SIGTERM, signal.SIGINT}
LOCK = 0x446F61, 1  # ours among the advisory locks with two keys
LOOK = 1.0  # seconds between two looks at the lock
ANSWER = 5.0  # seconds within which PostgreSQL has to say whose the lock is
LONGEST_JOB = 60.0  # seconds
LONGEST_REST = 5.0  # seconds between two attempts to reach the database
NOTE_EVERY = 60.0  # seconds between two notes of the same outcome

HOLDER = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND (classid, objid, objsubid) = (%s, %s, 2) AND granted
  AND datname = current_database() AND database = datid AND query_start > now() - interval '2 minutes'
"""


class State(Enum):
    """What a process is doing, in the words of the log."""

    WORKING = "this process does the periodic jobs"
    WAITING = "another process does the periodic jobs; this one waits"
    LOST = "the database can't be used; trying again"


class PeriodicJob:
    """A callable without arguments that returns how many things it did, and the seconds between two of its runs.

    It may be broken off or killed at any time, and be called again.
    """

    def __init__(self, name: str, seconds: float) -> None:
        self.due = time.monotonic()
        self._name = name
        self._seconds = seconds
        self._work: Callable[[], int] = import_string(name)
        self._noted: tuple[int, str] | None = None
        self._note_again = self.due

    def run(self) -> None:
        """Do the work and note the outcome. What the job raises is logged; a note that fails raises django.db.Error."""
        outcome = self._outcome()
        self.due = time.monotonic() + self._seconds
        if outcome != self._noted or self.due >= self._note_again:
            self._note(*outcome)

    def _outcome(self) -> tuple[int, str]:
        """Return how many things were done, and the name of the error that ended the work."""
        began = time.monotonic()
        try:
            with deadline(LONGEST_JOB):
                count = self._work()
        except Exception as fault:
            log.exception("a job has failed", extra={"fields": {"job": self._name}})
            return 0, type(fault).__name__
        if count > 0:
            fields = {"job": self._name, "count": count, "seconds": round(time.monotonic() - began, 3)}
            log.info("a job has done something", extra={"fields": fields})
        return count, ""

    def _note(self, count: int, error: str) -> None:
        with deadline(ANSWER):
            Job(name=self._name, last_run_at=timezone.now(), last_count=count, last_error=error).save()
        self._noted = count, error
        self._note_again = time.monotonic() + NOTE_EVERY


class Runner:
    """Does the jobs while it holds the lock, and waits for it otherwise."""

    def __init__(self, seconds_between: Mapping[str, float]) -> None:
        self._jobs = [PeriodicJob(name, seconds) for name, seconds in seconds_between.items()]
        self._state: State | None = None
        self._rest = LOOK

    def run(self) -> None:
        """Return after SIGTERM or SIGINT, which wait for the job in hand."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
        rest = 0.0
        while signal.sigtimedwait(STOP, rest) is None:
            rest = self._turn()

    def _turn(self) -> float:
        """Do at most one job, and look at the lock before it. Return the seconds until there is something to do."""
        try:
            if not hold_lock():
                self._enter(State.WAITING)
                return LOOK
            self._enter(State.WORKING)
            return self._do_next_job()
        except Error as fault:
            forget_connection()
            return self._back_off(fault)

    def _do_next_job(self) -> float:
        """Do the job that has been due for longest, if any is."""
        job = min(self._jobs, key=lambda job: job.due)
        if job.due <= time.monotonic():
            job.run()
        until_next = min(job.due for job in self._jobs) - time.monotonic()
        return min(max(until_next, 0), LOOK)

    def _back_off(self, fault: Error) -> float:
        self._rest = LOOK if self._state is not State.LOST else min(2 * self._rest, LONGEST_REST)
        self._enter(State.LOST, reason=str(fault).partition("\n")[0])
        return self._rest

    def _enter(self, state: State, **fields: str) -> None:
        if state is not self._state:
            log.log(logging.ERROR if state is State.LOST else logging.INFO, state.value, extra={"fields": fields})
        self._state = state


def hold_lock() -> bool:
    """Take the lock if nobody has it; return whether it is ours. Raise django.db.Error without an answer in time.

    PostgreSQL lets its owner take it again and again, so the same statement shows that both the connection and the
    lock are still there.
    """
    with deadline(ANSWER), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        return bool(cursor.fetchone()[0])


def forget_connection() -> None:
    """Leave a connection that may be in any state; the next statement opens another."""
    connection.close()
    del connections[DEFAULT_DB_ALIAS]


def are_done() -> bool:
    """Tell whether a process holds the lock and has lately been at work."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDER, LOCK)
        return bool(cursor.fetchone()[0])


def last_runs() -> dict[str, tuple[datetime, str]]:
    """Return of each job when it was last run, and the error that ended the run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, last_run_at, last_error FROM core_job")
        return {name: (run_at, error) for name, run_at, error in cursor.fetchall()}


def moments_of_last_run() -> dict[str, float]:
    """Say when the periodic jobs were last run, in seconds since 1970, with a delay of a minute at most."""
    return {name: run_at.timestamp() for name, (run_at, _) in last_runs().items()}


def failures() -> dict[str, float]:
    """Tell of the periodic jobs whether the last run has failed."""
    return {name: float(bool(error)) for name, (_, error) in last_runs().items()}
