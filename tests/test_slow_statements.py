"""A statement that takes long can be found, in both logs, by the request that waited for it."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from local.waiting import wait_until
from tests.cast import Person
from tests.rows import ask, connect

PATIENCE = 20  # seconds
WAITING = "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'doable' LIMIT 1"


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Let every statement on a table wait, longer than the application does."""
    with connect() as connection:
        connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
        yield


def statement_that_waits() -> str:
    wait_until(lambda: ask(WAITING) is not None, PATIENCE, "no statement waits for a lock")
    return str(ask(WAITING))


def slow_statements_of(answer: requests.Response) -> list[Any]:
    log = Path(os.environ["DOABLE_DATA"]) / "logs" / "app.log"
    lines = [json.loads(line) for line in log.read_text().splitlines() if answer.headers["X-Request-ID"] in line]
    return [line for line in lines if line["logger"] == "doable.statements"]


def test_postgresql_sees_which_request_a_statement_belongs_to(alice: Person) -> None:
    with ThreadPoolExecutor(1) as other, locked("core_api_token"):
        waiting = other.submit(alice.get, "/auth/tokens/")
        statement = statement_that_waits()
        answer = waiting.result()

    assert answer.status_code == 503
    assert statement.endswith(f"/* request {answer.headers['X-Request-ID']} */")


def test_the_application_logs_a_slow_statement_without_its_values(alice: Person, groceries: Any) -> None:
    with locked("core_list"):
        answer = alice.post("/api/todos/", json={"title": "See the oncologist", "list_id": groceries["id"]})

    [entry] = slow_statements_of(answer)
    assert entry["milliseconds"] >= 500
    assert "core_list" in entry["statement"]
    assert "oncologist" not in json.dumps(entry)
    assert groceries["id"] not in json.dumps(entry)


def test_a_prepared_statement_keeps_its_text(alice: Person, groceries: Any) -> None:
    with ThreadPoolExecutor(1) as other, locked("core_list"):
        waiting = other.submit(alice.get, f"/api/lists/{groceries['id']}/")
        statement = statement_that_waits()
        answer = waiting.result()

    assert "/* request" not in statement
    assert len(slow_statements_of(answer)) == 1
