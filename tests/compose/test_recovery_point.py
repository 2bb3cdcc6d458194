"""What is lost with the volume of the database is less than a minute. With --log-cli-level=INFO it says how much."""

import logging
import secrets
import time
from threading import Event, Thread

import pytest

from tests.cast import Person, created
from tests.compose.deployment import Deployment
from tests.compose.recovery import Recovery

pytestmark = [pytest.mark.compose, pytest.mark.drill]
log = logging.getLogger(__name__)
LOST_AT_MOST = 60  # seconds
ROUNDS = 5
BEFORE = 90  # seconds: the volume is lost at any instant of these


class Diary:
    """Somebody who writes down every second that it has passed."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._list = person.make_list()
        self._stop = Event()
        self.written: dict[str, float] = {}

    def _write(self) -> None:
        while not self._stop.wait(1):
            title = str(len(self.written))
            self._person.make_todo(self._list, title)
            self.written[title] = time.monotonic()

    def write_for(self, seconds: float) -> None:
        writer = Thread(target=self._write)
        writer.start()
        writer.join(seconds)
        self._stop.set()
        writer.join()

    def read(self) -> set[str]:
        answer = self._person.get("/api/todos/", params={"limit": 200, "list_id": self._list["id"]})
        assert answer.status_code == 200, answer.text
        return {todo["title"] for todo in answer.json()["results"]}


@pytest.mark.timeout(3600)
def test_of_what_was_written_before_the_volume_was_lost_a_minute_is_missing_at_most(deployment: Deployment) -> None:
    recovery = Recovery(deployment)
    alice = Person("alice", deployment.url)
    created(alice.sign_up())
    recovery.base_backup()

    for _ in range(ROUNDS):
        diary = Diary(alice)
        diary.write_for(secrets.randbelow(BEFORE))
        recovery.destroy()
        lost_at = time.monotonic()
        result = recovery.make("recover")

        took = time.monotonic() - lost_at
        assert result.returncode == 0, result.stderr
        left = diary.read()
        assert left == {str(number) for number in range(len(left))}  # the first ones, without a gap
        missing = [at for title, at in diary.written.items() if title not in left]
        lost = lost_at - min(missing, default=lost_at)
        log.info("lost %.1f s, %d of %d todos; back after %.0f s", lost, len(missing), len(diary.written), took)
        assert lost < LOST_AT_MOST
        assert set(deployment.states().values()) == {"healthy"}
