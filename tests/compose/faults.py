"""What may happen to the containers of a deployment, from outside; the stores, without a word to Compose.

Each fault of PostgreSQL returns when it was ready again: when Docker got the line of its log that says so, or the time
before it was thawed.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from time import sleep, time

from local.waiting import wait_until
from tests.compose.deployment import Deployment
from tests.drill import size

WHILE = size(3, 30)  # seconds that a store is gone; no outcome depends on how long
FREEZE = size(8, 30)  # longer than anybody waits for a statement
START_DEADLINE = 60  # seconds
UNHEALTHY = 90  # seconds until the health check has failed often enough
NEIGHBOURS = 10  # containers of which one gets a certain address, where it is free

BACKEND = "SELECT pid FROM pg_stat_activity WHERE application_name = 'doable' ORDER BY random() LIMIT 1"
SERVER = "$(cat /proc/1/task/1/children)"  # what the first process of the container has started
KILL_SERVER = f"kill -9 {SERVER}"
KILL_OLDER_WORKER = f"for server in {SERVER}; do set -- $(cat /proc/$server/task/*/children); done; kill -9 $1"
PARTS = 40  # of 16 MiB each; more at once would take Redis twice the memory
FILL = """
local part = redis.call('INCR', 'filler')
for n = 1, 64 do redis.call('SET', 'filler:' .. part .. ':' .. n, string.rep('x', 262144)) end
"""
EMPTY = f"""
for part = 1, {PARTS} do for n = 1, 64 do redis.call('UNLINK', 'filler:' .. part .. ':' .. n) end end
redis.call('UNLINK', 'filler')
"""


def restart_db(deployment: Deployment) -> float:
    return _answering_after(deployment, "restart")


def kill_db(deployment: Deployment) -> float:
    deployment.docker("kill", deployment.container("db"))
    return _answering_after(deployment, "start")


def take_db_away(deployment: Deployment) -> float:
    deployment.docker("stop", deployment.container("db"))
    sleep(WHILE)
    return _answering_after(deployment, "start")


def freeze_db(deployment: Deployment) -> float:
    with frozen(deployment, "db"):
        sleep(FREEZE)
        return time()


def kill_backend(deployment: Deployment) -> float:
    """Kill one process of PostgreSQL, which then ends all others and recovers."""
    begin = time()
    psql = f'psql --username=postgres -Atc "{BACKEND}"'
    deployment.compose("exec", "-T", "db", "sh", "-c", f"kill -9 $({psql})")
    return _when_ready(deployment, begin)


def take_redis_away(deployment: Deployment) -> None:
    redis = deployment.container("redis")
    deployment.docker("stop", redis)
    sleep(WHILE)
    deployment.docker("start", redis)


def freeze_redis(deployment: Deployment) -> None:
    with frozen(deployment, "redis"):
        sleep(WHILE)


def fill_redis(deployment: Deployment) -> None:
    """Let it hold so much that has no end that it drops everything else and refuses whatever takes memory."""
    try:
        assert "OOM" in deployment.redis("-r", str(PARTS), "EVAL", f'"{FILL}"', "0")
        sleep(WHILE)
    finally:
        deployment.redis("EVAL", f'"{EMPTY}"', "0")


def kill_worker(deployment: Deployment) -> None:
    """Kill the older worker, which granian replaces; where the other is only just there, granian ends."""
    _run_in_app1(deployment, KILL_OLDER_WORKER)


def kill_server(deployment: Deployment) -> None:
    """Kill granian, with which the container ends; Docker starts it again."""
    _run_in_app1(deployment, KILL_SERVER)


def _run_in_app1(deployment: Deployment, command: str) -> None:
    """Run a command there, once the container has come back from the fault before."""
    exec_in = ("docker", "compose", "exec", "-T", "app1", "sh", "-c", command)
    wait_until(lambda: deployment.run(*exec_in).returncode in (0, 137), START_DEADLINE, "app1 does not come back")


@contextmanager
def frozen(deployment: Deployment, service: str) -> Iterator[None]:
    container = deployment.container(service)
    # While its processes start others, the kernel may not get hold of all of them at once, and Docker gives up.
    pause = ("docker", "pause", container)
    wait_until(lambda: deployment.run(*pause).returncode == 0, START_DEADLINE, f"{service} can't be frozen")
    try:
        yield
    finally:
        deployment.docker("unpause", container)


@contextmanager
def moved(deployment: Deployment) -> Iterator[None]:
    """Stop app1 until nginx is unhealthy, and let other containers have its address, so that it starts at another."""
    address = _address(deployment, deployment.container("app1"))
    deployment.compose("stop", "app1")
    try:
        with ExitStack() as neighbours:
            for _ in range(NEIGHBOURS):
                neighbour = neighbours.enter_context(deployment.beside_app1())
                if _address(deployment, neighbour) == address:
                    break
            else:
                raise AssertionError(f"no container gets {address}")
            wait_until(lambda: deployment.states()["nginx"] == "unhealthy", UNHEALTHY, "nginx does not miss app1")
            yield
    finally:
        deployment.compose("start", "app1")


def _address(deployment: Deployment, container: str) -> str:
    network = f'{{{{(index .NetworkSettings.Networks "{deployment.project}_edge").IPAddress}}}}'
    return deployment.docker("inspect", "--format", network, container).strip()


def _answering_after(deployment: Deployment, verb: str) -> float:
    begin = time()
    deployment.docker(verb, deployment.container("db"))
    return _when_ready(deployment, begin)


def _when_ready(deployment: Deployment, begin: float) -> float:
    """Return when PostgreSQL last wrote, after a moment, that it is ready; Docker has noted when that came."""
    found: list[float] = []

    def is_ready() -> bool:
        log = ("docker", "logs", "--timestamps", "--since", f"{begin:.6f}", deployment.container("db"))
        lines = [line for line in deployment.run(*log).stderr.splitlines() if "ready to accept connections" in line]
        found.extend(datetime.fromisoformat(line.split()[0]).astimezone(UTC).timestamp() for line in lines)
        return bool(found)

    wait_until(is_ready, START_DEADLINE, "PostgreSQL does not come back")
    return found[-1]
