"""People at work while something breaks, and what became of their calls."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import time

import requests

from tests.cast import Person, created
from tests.compose.deployment import Deployment
from tests.insisting import CUT_OFF, Attempt, Device, assert_all_counted, assert_all_there, insisting, of

PEOPLE = ("alice", "bob", "carol", "dave", "erin")  # whose devices are more than the application has threads
REVISION = "SELECT revision FROM core_user WHERE email = '{}'"
KEPT = "SELECT count(*) FROM core_stored_answer JOIN core_user ON core_user.id = user_id WHERE email = '{}'"


class Siege:
    """People with two devices each, whose every call is repeated until it is answered; and one who only looks."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._people = [Person(name, deployment.url) for name in PEOPLE]
        for person in self._people:
            created(person.sign_up())
        self._before = [self._ask(REVISION, person) for person in self._people]
        self.calls: Counter[str] = Counter()
        self.devices: list[Device] = []
        self.looks: list[Attempt] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let them work to the end of the block; what each has been told is there then, once."""
        with insisting(self._people, self.calls) as self.devices, self._looking():
            yield
        for person, before in zip(self._people, self._before, strict=True):
            assert_all_there(person, self.devices)
            writes, kept = self._ask(REVISION, person) - before, self._ask(KEPT, person)
            assert_all_counted(of(person, self.devices), writes, kept)

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt for device in self.devices for attempt in device.attempts]

    @property
    def statuses(self) -> Counter[int]:
        return Counter(attempt.status for attempt in self.attempts)

    def recovery(self, ready: float) -> tuple[float, float]:
        """Return how long after a moment the first call succeeded, and the last was sent that did not."""
        well = [attempt for attempt in self.attempts if attempt.status in (200, 201)]
        first = min(attempt.answered for attempt in well if attempt.answered > ready)
        last = max((attempt.sent for attempt in self.attempts if attempt.status >= 500), default=ready)
        return first - ready, last - ready

    def told(self, fault: str) -> str:
        """Say in one line what became of the calls."""
        slowest = max(attempt.answered - attempt.sent for attempt in self.attempts)
        looks = Counter(look.status for look in self.looks)
        live = max(look.answered - look.sent for look in self.looks)
        return (
            f"\n{fault}: {dict(sorted(self.statuses.items()))}, slowest {slowest:.2f} s; "
            f"/health/live/ {dict(looks)}, slowest {live:.2f} s; {dict(self.calls)}"
        )

    @contextmanager
    def _looking(self) -> Iterator[None]:
        over = Event()
        thread = Thread(target=self._look, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _look(self, over: Event) -> None:
        """Ask again and again whether the process lives."""
        visitor = Person("visitor", self._deployment.url)
        while not over.wait(0.1):
            sent = time()
            try:
                status = visitor.get("/health/live/").status_code
            except requests.RequestException:
                status = CUT_OFF
            self.looks.append(Attempt(sent, time(), status))

    def _ask(self, statement: str, person: Person) -> int:
        return int(self._deployment.ask(statement.format(person.email)))
