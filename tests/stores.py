"""A Redis of a test's own, to be flushed, frozen and killed."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, RedisError

from local.binaries import find_redis
from local.child import spawn
from local.choices import ORIGINS
from local.environment import MINIMAL
from local.waiting import wait_until
from tests.ports import held_port

START_DEADLINE = 60  # seconds


def contents(client: Redis) -> dict[bytes, bytes]:
    """Return all that a Redis holds."""
    found = ((key, client.get(key)) for key in client.keys("*"))
    return {key: value for key, value in found if isinstance(key, bytes) and isinstance(value, bytes)}


class FragileRedis:
    """A Redis on a port of loopback that keeps nothing on disk."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(self.url)
        self.start()

    def start(self) -> None:
        command = (find_redis(ORIGINS).path, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        self._process = spawn(command, MINIMAL, signal.SIGKILL, stdout=subprocess.DEVNULL)
        wait_until(self._answers, START_DEADLINE, "Redis isn't ready")

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def flush(self) -> None:
        self.client.flushall()

    def fill_up(self) -> None:
        """Let it refuse whatever would take memory, until it is started anew or ``make_room`` is called."""
        self.client.config_set("maxmemory-policy", "noeviction")
        self.client.config_set("maxmemory", "1")

    def make_room(self) -> None:
        self.client.config_set("maxmemory", "0")

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@contextmanager
def fragile_redis() -> Iterator[FragileRedis]:
    with held_port() as port:
        redis = FragileRedis(port)
        try:
            yield redis
        finally:
            redis.kill()
            redis.client.close()
