"""People who go on reading and writing, each on a connection that is kept, and the answers that they get."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread
from uuid import uuid4

import requests

from tests.cast import Person

READERS, WRITERS = 4, 2
LISTS = 10  # of a writer, since one is full after 10,000 todos
CLOSED = ("RemoteDisconnected", "ConnectionResetError")


class Load:
    """Counts the answers by status.

    A request whose connection was closed before an answer began is sent once more, as HTTP clients do, since a server
    may close an idle connection at any time.
    """

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()
        self.failures: list[str] = []
        self.repeated = 0
        self.titles: set[str] = set()
        self._stop = Event()

    def _count(self, person: Person, method: str, path: str, **options: object) -> int:
        try:
            status = self._ask(person, method, path, **options)
        except requests.RequestException as failure:
            self.failures.append(repr(failure))
            return 0
        self.answers[status] += 1
        return status

    def _ask(self, person: Person, method: str, path: str, **options: object) -> int:
        try:
            return person.request(method, path, **options).status_code
        except requests.ConnectionError as failure:
            if not any(name in repr(failure) for name in CLOSED):
                raise
            self.repeated += 1
            return person.request(method, path, **options).status_code

    def read(self, person: Person) -> None:
        while not self._stop.is_set():
            self._count(person, "GET", "/api/todos/")

    def write(self, person: Person) -> None:
        lists = cycle([person.make_list()["id"] for _ in range(LISTS)])
        for number, list_id in enumerate(lists):
            if self._stop.is_set():
                return
            todo = {"title": f"{person.email} {number}", "list_id": list_id}
            once = {"Idempotency-Key": str(uuid4())}
            if self._count(person, "POST", "/api/todos/", json=todo, headers=once) == requests.codes.created:
                self.titles.add(todo["title"])

    @contextmanager
    def running(self, people: list[Person]) -> Iterator[None]:
        acts = [self.write] * WRITERS + [self.read] * READERS
        threads = [Thread(target=act, args=(person,)) for act, person in zip(acts, people, strict=True)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
