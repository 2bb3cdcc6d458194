"""What a wave of logins costs everybody else: GET /api/lists/ while nobody and while fifty people log in.

Run it against a stack of its own: ``RATE_LIMIT_EXEMPT=127.0.0.1 .venv/bin/python -m local exec --fresh --
.venv/bin/python -m bench.login_flood``. The clients share the machine with the servers; those that log in run at the
lowest priority, so that what is measured is the work of the servers.
"""

import argparse
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import quantiles
from urllib.parse import urlsplit
from uuid import uuid4

ADDRESS = urlsplit(os.environ.get("DOABLE_URL", "")).netloc
PASSWORD = "correct horse battery staple"  # noqa: S105 - of accounts that live as long as the measurement
OK, CREATED = 200, 201
PAUSE = 0.01  # seconds between two reads, so that the reader itself is no load


class Client:
    """One connection that keeps its cookies."""

    def __init__(self) -> None:
        self.connection = HTTPConnection(ADDRESS, timeout=30)
        self.cookies: SimpleCookie = SimpleCookie()
        self.token = ""

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, float, bytes]:
        """Return the status, the seconds of Retry-After and the body."""
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        headers = {"Cookie": cookies, "X-CSRFToken": self.token, "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer.status, float(answer.headers.get("Retry-After", "0")), answer.read()

    def sign_up(self, email: str) -> None:
        self.renew_token()
        status, _, text = self.ask("POST", "/auth/register/", {"email": email, "password": PASSWORD})
        if status != CREATED:
            sys.exit(f"the account can't be made: {text.decode()}")

    def renew_token(self) -> None:
        self.token = json.loads(self.ask("GET", "/auth/csrf/")[2])["csrf_token"]


def flood(emails: list[str], seconds: float, obeys: bool, results: Connection) -> None:  # noqa: FBT001 - for a process
    """Say when it begins, log everybody in until the time is over, send how often each status was answered."""
    os.nice(19)
    results.send("here they come")
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(len(emails)) as crowd:
        counts = crowd.map(lambda email: Counter(log_in_until(end, email, obeys=obeys)), emails)
        results.send(sum(counts, Counter()))


def log_in_until(end: float, email: str, *, obeys: bool) -> Iterator[int]:
    client = Client()
    while time.monotonic() < end:
        if not client.token:
            client.renew_token()
        status, retry_after, _ = client.ask("POST", "/auth/login/", {"email": email, "password": PASSWORD})
        yield status
        if status == OK:
            client.connection.close()
            client = Client()  # the next login is that of another browser
        elif obeys:
            time.sleep(min(retry_after * random.uniform(1, 2), max(0, end - time.monotonic())))


def read_lists(reader: Client, seconds: float) -> list[float]:
    """Return the milliseconds of each read."""
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = time.perf_counter()
        status, _, text = reader.ask("GET", "/api/lists/")
        times.append(1000 * (time.perf_counter() - before))
        if status != OK:
            sys.exit(f"the lists can't be read: {text.decode()}")
        time.sleep(PAUSE)
    return times


def measure(reader: Client, emails: list[str], seconds: float, *, obeys: bool) -> tuple[list[float], Counter[int]]:
    """Read the lists while these people log in; return the milliseconds of the reads and the answers to the logins."""
    processes = get_context("spawn")
    receiver, sender = processes.Pipe(duplex=False)
    process = processes.Process(target=flood, args=(emails, seconds, obeys, sender))
    process.start()
    receiver.recv()
    times = read_lists(reader, seconds)
    answers = receiver.recv()
    process.join()
    return times, answers


def row(name: str, times: list[float], answers: Counter[int]) -> str:
    cuts = quantiles(times, n=100)
    logins = ", ".join(f"{count} x {status}" for status, count in sorted(answers.items())) or "-"
    return f"{name:24} {len(times):>7} {cuts[49]:>8.2f} {cuts[94]:>8.2f} {cuts[98]:>8.2f}   {logins}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement, at most 60")
    parser.add_argument("--people", type=int, default=50, help="who log in, at most 200")
    arguments = parser.parse_args()
    if not ADDRESS:
        parser.error("there is no service: run it within `python -m local exec`")
    seconds, people = min(arguments.seconds, 60), min(arguments.people, 200)
    emails = [f"flood-{uuid4().hex}@example.org" for _ in range(people)]
    for email in emails:
        Client().sign_up(email)
    reader = Client()
    reader.sign_up(f"reader-{uuid4().hex}@example.org")
    read_lists(reader, 1)  # the first ones open connections and fill caches

    print(f"{'GET /api/lists/ in ms':24} {'reads':>7} {'p50':>8} {'p95':>8} {'p99':>8}   logins")  # noqa: T201
    print(row("nobody logs in", read_lists(reader, seconds), Counter()))  # noqa: T201
    for obeys, name in ((True, f"{people} log in"), (False, f"{people} without Retry-After")):
        print(row(name, *measure(reader, emails, seconds, obeys=obeys)))  # noqa: T201


if __name__ == "__main__":
    main()
