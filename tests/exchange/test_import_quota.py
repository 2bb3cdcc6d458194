"""How many attachments an import may bring: as many as uploads might, exactly."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.cast import Person
from tests.exchange.transfers import TODO, apply, checked, document, export_of
from tests.problems import assert_problem
from tests.servers import second_app
from tests.workers import own_database, worker

PRODUCT = "app.config.settings"
MIB = 2**20
MOST_TINY = MIB // 4096


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return a service that grants one MiB to each user."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "media").mkdir()
    with own_database() as database:
        changes = {"DATABASE_URL": database.url, "MEDIA_ROOT": str(folder / "media"), "ATTACHMENTS_QUOTA_MIB": "1"}
        with second_app(**changes) as url, worker(settings=PRODUCT, log=folder / "log", database=database, **changes):
            yield url


def tiny_files(count: int) -> dict[str, Any]:
    """Return an export with so many attachments of one byte, on todos of a hundred each."""
    todos = [TODO | {"id": made("todo", number)} for number in range(1 + count // 100)]
    files = [{"id": made("file", number), "todo_id": todos[number // 100]["id"]} for number in range(count)]
    known = {
        "name": "a",
        "size": 1,
        "content_type": "application/octet-stream",
        "sha256": hashlib.sha256(b"x").hexdigest(),
        "created_at": TODO["created_at"],
    }
    contents = [{"attachment_id": one["id"], "offset": 0, "data": b64encode(b"x").decode()} for one in files]
    return document(*todos, contents=contents, attachments=[known | one for one in files])


def made(kind: str, number: int) -> str:
    return str(UUID(bytes=hashlib.sha256(f"{kind} {number}".encode()).digest()[:16], version=4))


def test_tiny_files_count_as_four_kibibytes_each(alice: Person) -> None:
    over = checked(alice, tiny_files(MOST_TINY + 1))
    assert [(one["pointer"], one["code"]) for one in over["problems"]] == [
        (f"/attachments/{MOST_TINY}/size", "too_many")
    ]

    exact = checked(alice, tiny_files(MOST_TINY))

    assert exact["problems"] == []
    assert apply(alice, exact["id"]).status_code == 200
    assert len(export_of(alice)["attachments"]) == MOST_TINY


def test_what_is_there_already_counts_when_they_are_made(alice: Person, groceries: Any) -> None:
    alice.attach(alice.make_todo(groceries), b"x")
    found = checked(alice, tiny_files(MOST_TINY))

    refused = apply(alice, found["id"])

    assert "4096 bytes more" in assert_problem(refused, 409, "quota_exceeded")["detail"]
    assert len(export_of(alice)["attachments"]) == 1


def test_a_todo_gets_a_hundred_of_them_at_most(alice: Person) -> None:
    given = tiny_files(101)
    given["attachments"][-1]["todo_id"] = given["attachments"][0]["todo_id"]
    found = checked(alice, given)

    refused = apply(alice, found["id"])

    assert "100 attachments" in assert_problem(refused, 409, "quota_exceeded")["detail"]
