"""Everything that a user has, as one document."""

import hashlib
import json
import re
from base64 import b64decode
from typing import Any

import pytest

from app.exchange.transfer.kinds import KINDS, Kind
from tests.accounts.test_api_tokens import program
from tests.cast import Person
from tests.docs.documents import blocks, read
from tests.exchange.transfers import export_of, names_in
from tests.rows import revision_of


def test_an_export_shows_every_member_as_the_api_does(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries, "Buy oat milk", priority="high", due_date="2026-12-24")
    done = alice.make_todo(groceries, "Buy bread")
    done = alice.patch(f"/api/todos/{done['id']}/", json={"status": "done"}).json()

    found = export_of(alice)

    assert names_in(found) == ["Inbox", "Groceries"]
    assert found["lists"][1] | groceries == found["lists"][1]
    assert [one | shown for one, shown in zip(found["todos"], (todo, done), strict=True)] == found["todos"]
    assert found["todos"][1]["field_versions"] == {"status": 2}


def test_an_export_has_what_is_in_the_trash(alice: Person, groceries: Any) -> None:
    todo = alice.make_todo(groceries)
    alice.delete(f"/api/todos/{todo['id']}/")
    alice.delete(f"/api/lists/{groceries['id']}/")

    found = export_of(alice)

    assert all(found[kind][-1]["deleted_at"] for kind in ("lists", "todos"))


def test_an_export_has_attachments_with_their_content_in_parts(alice: Person, groceries: Any) -> None:
    todo, large = alice.make_todo(groceries), bytes(range(256)) * 2000
    receipt, scan = alice.attach(todo), alice.attach(todo, large, "Scan.bin")

    found = export_of(alice)

    assert found["attachments"] == [receipt, scan]
    parts = {name: [one for one in found["contents"] if one["attachment_id"] == name] for name in (scan["id"],)}
    assert b"".join(b64decode(part["data"]) for part in parts[scan["id"]]) == large
    assert [part["offset"] for part in parts[scan["id"]]] == [0, 384 * 1024]


def test_an_export_has_nothing_of_anybody_else(alice: Person, bob: Person) -> None:
    bob.make_todo(bob.make_list("Secrets"))

    found = export_of(alice)

    assert (names_in(found), found["todos"], found["attachments"]) == (["Inbox"], [], [])
    assert found["account"] == {"name": "", "time_zone": "UTC"}


def test_an_export_is_a_download_with_a_date_that_nothing_keeps(alice: Person) -> None:
    answer = alice.get("/api/export/")

    assert re.fullmatch(r'attachment; filename="doable-\d{4}-\d\d-\d\d\.json"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"


def test_each_record_has_a_line_of_its_own(alice: Person, groceries: Any) -> None:
    for number in range(3):
        alice.make_todo(groceries, f"Buy {number}", description="one\ntwo")

    lines = alice.get("/api/export/").text.splitlines()

    assert sum(line.startswith('{"id":') for line in lines) == 5


def test_a_program_that_may_read_may_export(alice: Person) -> None:
    assert names_in(program(alice.make_token("read")["token"]).get("/api/export/").json()) == ["Inbox"]


def test_an_export_leaves_the_revision(alice: Person) -> None:
    export_of(alice)

    assert revision_of(alice) == 0


def test_any_program_can_compute_the_canonical_hash_as_the_document_shows(alice: Person, groceries: Any) -> None:
    alice.make_todo(groceries, 'Buy "oat" milk é 🥛\\/', description="one\n\ttwo", due_date="2026-12-24")
    alice.attach(alice.make_todo(alice.make_list("Home"), "Fix the tap"))
    [code] = [block.text for block in blocks(read("docs/export.md")) if block.language == "python"]
    found = export_of(alice)
    defined: dict[str, Any] = {"hashlib": hashlib, "json": json}

    exec(code, defined)  # noqa: S102 - it is what readers are told to run

    assert defined["canonical_hash"](found) == found["sha256"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_column_is_forgotten(kind: Kind) -> None:
    """Left out are the owner, what follows from other columns, and the place of a file on this server's disk."""
    columns = {field.attname for field in kind.model._meta.concrete_fields if not field.generated}

    assert columns - set(kind.members) - {"user_id", "list_is_deleted", "file"} == set()
