"""The load: wrk, which costs little beside what it asks, and the requests of an operation written for it."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import msgspec

from local.fault import Fault

CLIENTS = 16  # at the same time
SCRIPT = Path(__file__).with_name("requests.lua")
NEEDED = "wrk, which makes the load, was not found; install the package wrk"


class Load(msgspec.Struct):
    """What wrk has seen; bytes are those of heads and bodies, milliseconds are those of one request."""

    requests: int
    seconds: float
    bytes: int
    failures: int
    p50: float
    p99: float


def require_wrk() -> str:
    """Return the path of wrk; raise Fault where there is none."""
    found = shutil.which("wrk")
    if found is None:
        raise Fault(NEEDED)
    return found


def write_requests(path: Path, requests: Iterable[bytes]) -> int:
    """Write the requests as the script reads them; return how many there are."""
    count = 0
    with path.open("wb") as file:
        for request in requests:
            file.write(request + b"\0")
            count += 1
    return count


def put_load(port: int, requests: Path, seconds: int, longest_pause: int | None = None) -> Load:
    """Have the requests of a file sent to a port for some seconds, by each client one after the other.

    With a longest pause, in milliseconds, a client rests between two for a time drawn by lot. Raise Fault where one is
    not answered, or by an error.
    """
    options = ("-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout=10s", "-s", SCRIPT)
    arguments = (requests, *(() if longest_pause is None else (str(longest_pause),)))
    command = (require_wrk(), *options, f"http://127.0.0.1:{port}", "--", *arguments)
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 60)  # noqa: S603 - made here
    if ran.returncode != 0:
        raise Fault(f"wrk has failed: {ran.stderr.strip() or ran.stdout.strip()}")
    load = msgspec.json.decode(ran.stdout.splitlines()[-1], type=Load)
    if load.failures:
        raise Fault(f"{load.failures} of {load.requests} requests have failed")
    return load
