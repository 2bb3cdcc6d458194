"""Every request leaves one line in the log, which holds nothing of what its user wrote."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Person
from tests.servers import second_app


def lines_of(request_id: str) -> list[str]:
    """Return what the app of the stack has logged about a request."""
    log = Path(os.environ["DOABLE_DATA"]) / "logs" / "app.log"
    return [line for line in log.read_text().splitlines() if request_id in line]


def entry_of(request_id: str) -> Any:
    [line] = lines_of(request_id)
    return json.loads(line)


def test_a_request_is_one_line_of_json_with_its_route(alice: Person, groceries: Any) -> None:
    answer = alice.get(f"/api/lists/{groceries['id']}/")

    entry = entry_of(answer.headers["X-Request-ID"])
    assert (entry["logger"], entry["level"], entry["message"]) == ("doable.access", "info", "request")
    assert (entry["method"], entry["status"]) == ("GET", 200)
    assert entry["route"].startswith("api/lists/<")
    assert 0 < entry["milliseconds"] < 20_000


def test_neither_path_nor_query_nor_body_is_logged(alice: Person, groceries: Any) -> None:
    todo = {"title": "See the oncologist", "list_id": groceries["id"]}
    written = alice.post("/api/todos/", json=todo)
    read = alice.get(f"/api/todos/{written.json()['id']}/")
    filtered = alice.get("/api/todos/", params={"list_id": groceries["id"]})

    logged = "".join(line for answer in (written, read, filtered) for line in lines_of(answer.headers["X-Request-ID"]))
    assert "oncologist" not in logged
    assert written.json()["id"] not in logged
    assert groceries["id"] not in logged


def test_a_path_that_does_not_exist_has_no_route(alice: Person) -> None:
    entry = entry_of(alice.get("/api/see-the-oncologist/").headers["X-Request-ID"])

    assert (entry["route"], entry["status"]) == ("", 404)
    assert "oncologist" not in json.dumps(entry)


# --- the id that a line is found by ---------------------------------------------------------------


@pytest.fixture(scope="module")
def bare_app() -> Iterator[str]:
    """Run an app that can be reached without nginx."""
    with second_app() as url:
        yield url


def id_given_for(url: str, request_id: str) -> Any:
    return Person("anonymous", url).get("/auth/me/", headers={"X-Request-ID": request_id}).json()["request_id"]


def test_the_app_takes_the_id_that_nginx_gave(bare_app: str) -> None:
    assert id_given_for(bare_app, "0123456789abcdef" * 2) == "0123456789abcdef" * 2


@pytest.mark.parametrize("made_up", ["", "x", "F" * 32, "g" * 32, "f" * 31, "f" * 33, "f" * 32 + '"'])
def test_what_is_no_id_of_nginx_is_replaced(bare_app: str, made_up: str) -> None:
    given = id_given_for(bare_app, made_up)

    assert given != made_up
    assert len(given) == 32
    assert set(given) <= set("0123456789abcdef")
