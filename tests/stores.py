"""A Redis of a test's own, to be flushed, frozen and killed."""

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis, RedisError

from local.binaries import find_redis
from local.child import spawn
from local.choices import ORIGINS
from local.environment import MINIMAL
from local.port import held
from local.redis import users
from local.waiting import wait_until

START_DEADLINE = 60  # seconds
PASSWORD = "correct-horse"
CONFIGURATION = """\
port {port}
bind 127.0.0.1
save ""
user administrator on nopass ~* &* +@all
"""


def contents(client: Redis) -> dict[bytes, bytes]:
    """Return all that a Redis holds; the application too may look through it, piece by piece."""
    found = ((key, client.get(key)) for key in client.scan_iter("*"))
    return {key: value for key, value in found if isinstance(key, bytes) and isinstance(value, bytes)}


class FragileRedis:
    """A Redis on a port of loopback that keeps nothing on disk.

    Who connects to `url` is the application, with its rights alone; `client` may do everything.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"redis://doable:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.client = Redis.from_url(f"redis://administrator:@127.0.0.1:{self.port}/0")
        self.start()

    def start(self) -> None:
        with tempfile.TemporaryFile() as configuration:
            configuration.write((CONFIGURATION.format(port=self.port) + users(PASSWORD)).encode())
            configuration.seek(0)
            streams = {"stdin": configuration, "stdout": subprocess.DEVNULL}
            self._process = spawn((find_redis(ORIGINS).path, "-"), MINIMAL, signal.SIGKILL, **streams)
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
    with held() as port:
        redis = FragileRedis(port)
        try:
            yield redis
        finally:
            redis.kill()
            redis.client.close()
