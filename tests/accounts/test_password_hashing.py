"""Hashing passwords leaves room for everybody else."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from argon2.low_level import Type, hash_secret

from tests.cast import Person
from tests.processes import app_workers
from tests.rows import ask

CROWD = 50


def idle_threads(pid: int) -> int:
    """Return how many threads of a process run only while no other wants the processor."""
    return sum(os.sched_getscheduler(int(task.name)) == os.SCHED_IDLE for task in Path(f"/proc/{pid}/task").iterdir())


def log_in_at_once(person: Person, count: int) -> list[tuple[int, str]]:
    """Log a person in from many devices at one moment; return each status with its Retry-After."""
    devices = [Person("device") for _ in range(count)]
    start = Barrier(count)

    def log_in(device: Person) -> tuple[int, str]:
        device.fetch_csrf_token()
        start.wait(20)
        answer = device.post("/auth/login/", json=person.credentials)
        return answer.status_code, answer.headers.get("Retry-After", "")

    with ThreadPoolExecutor(count) as crowd:
        return list(crowd.map(log_in, devices))


def test_of_fifty_logins_at_once_some_succeed_and_the_others_are_told_when_to_come_back(alice: Person) -> None:
    answers = log_in_at_once(alice, CROWD)

    assert set(answers) == {(200, ""), (503, "2")}
    assert alice.log_in().status_code == 200


def test_while_fifty_log_in_the_api_goes_on_answering(alice: Person, bob: Person) -> None:
    with ThreadPoolExecutor(1) as background:
        logins = background.submit(log_in_at_once, bob, CROWD)
        answers = [alice.get("/api/lists/", timeout=2)]
        while not logins.done():
            answers.append(alice.get("/api/lists/", timeout=2))

    assert {answer.status_code for answer in answers} == {200}
    assert 200 in {status for status, _ in logins.result()}


def test_the_thread_that_hashes_gives_way_to_the_others(alice: Person) -> None:
    assert alice.log_in().ok

    assert max(idle_threads(worker.pid) for worker in app_workers()) == 1


def test_a_hash_weaker_than_those_made_today_is_renewed_at_the_next_login(alice: Person) -> None:
    weak = hash_secret(alice.password.encode(), b"some salt of old", 1, 8192, 1, 32, Type.ID).decode()
    ask("UPDATE core_user SET password = %s WHERE email = %s RETURNING id", f"argon2{weak}", alice.email)
    assert alice.log_in(password="not her password").status_code == 401
    assert ask("SELECT password FROM core_user WHERE email = %s", alice.email) == f"argon2{weak}"

    assert alice.log_in().status_code == 200

    assert ask("SELECT password FROM core_user WHERE email = %s", alice.email).startswith(
        "argon2$argon2id$v=19$m=19456,t=2,p=1$"
    )
    assert alice.log_in().status_code == 200
