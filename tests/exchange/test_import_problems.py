"""Files with faults: each is named by its place, and nothing of the file is imported."""

import hashlib
import json
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest

from app.exchange.transfer.readers import Place, UnreadableError
from app.exchange.transfer.readers.doable import MOST_RECORDS, Reader
from tests.cast import Person, created
from tests.exchange.transfers import LIST, TODO, apply, begun, checked, document, export_of, names_in, settled, upload
from tests.problems import assert_problem

MIB = 2**20
NOBODYS = "019aac40-12c4-4b31-8e0f-000000000000"

# A todo with a fault, and what the report says of it.
FAULTS: list[tuple[Any, str, str]] = [
    ({"title": ""}, "/title", "too_short"),
    ({"title": "x" * 501}, "/title", "too_long"),
    ({"title": 5}, "/title", "wrong_type"),
    ({"description": None}, "/description", "wrong_type"),
    ({"status": "later"}, "/status", "invalid_choice"),
    ({"status": "done"}, "/completed_at", "not_when_done"),
    ({"completed_at": "2026-11-22T08:32:10Z"}, "/completed_at", "not_when_done"),
    ({"priority": 3}, "/priority", "wrong_type"),
    ({"due_date": None, "due_timezone": None}, "/due_time", "needs_due_date"),
    ({"due_time": None}, "/due_timezone", "needs_due_time"),
    ({"due_date": "24.12.2026"}, "/due_date", "invalid_format"),
    ({"due_timezone": "Mars/Olympus"}, "/due_timezone", "invalid_format"),
    ({"created_at": "2026-11-22T08:32:10"}, "/created_at", "wrong_type"),
    ({"created_at": "0001-01-01T00:00:00+14:00"}, "/created_at", "out_of_range"),
    ({"deleted_at": "9999-12-31T23:59:59-14:00"}, "/deleted_at", "out_of_range"),
    ({"deleted_at": "9999-01-01T00:00:00Z"}, "/deleted_at", "out_of_range"),
    ({"position": ""}, "/position", "too_short"),
    ({"position": "a\n"}, "/position", "invalid_format"),
    ({"version": 2**31 - 1}, "/version", "too_large"),
    ({"version": 0}, "/version", "too_small"),
    ({"version": 1e400}, "/version", "wrong_type"),
    ({"field_versions": {"title": 2}}, "/field_versions", "from_the_future"),
    ({"list_id": NOBODYS}, "/list_id", "unknown_record"),
    ({"id": "not-a-uuid"}, "/id", "invalid_format"),
    ({"id": TODO["id"]}, "/id", "repeated_id"),
    ({"colour": "red"}, "/colour", "unknown_field"),
    ({"user_id": NOBODYS}, "/user_id", "unknown_field"),
]

# What can't be read any further, with what the report says of it.
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "nothing": (b" ", "malformed"),
    "another type": (b"[]", "malformed"),
    "not JSON": (b"doable", "malformed"),
    "cut off in a record": (json.dumps(document(TODO)).encode()[:-200], "malformed"),
    "cut off at the end": (json.dumps(document(TODO)).encode()[:-1], "malformed"),
    "something behind": (json.dumps(document()).encode() + b" {}", "malformed"),
    "not UTF-8": (json.dumps(document(TODO)).replace("oat", "\udcff").encode(errors="surrogateescape"), "malformed"),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(document()).encode(), "malformed"),
    "NUL in a text": (json.dumps(document(TODO | {"title": "a\0b"})).encode(), "malformed"),
    "half a surrogate pair": (json.dumps(document(TODO | {"title": "\ud800"})).encode(), "malformed"),
    "the same key twice": (json.dumps(document(TODO)).replace('"status"', '"title"').encode(), "malformed"),
    "deep": (json.dumps(document("@")).replace('"@"', "[" * 100_000).encode(), "malformed"),
    "deep, closed": (json.dumps(document("@")).replace('"@"', "[" * 900 + "]" * 900).encode(), "malformed"),
    "a number without end": (json.dumps(document("@")).replace('"@"', "9" * 5000).encode(), "malformed"),
    "no number": (json.dumps(document("@")).replace('"@"', "NaN").encode(), "malformed"),
    "a text of two mebibytes": (json.dumps(document(TODO | {"title": "x" * 2 * MIB})).encode(), "malformed"),
    "a million keys": (json.dumps({str(n): n for n in range(1_000_000)}).encode(), "unknown_field"),
    "a million spaces": (b" " * MIB + b"!", "malformed"),
    "two million spaces": (b" " * 2 * MIB + json.dumps(document()).encode(), "malformed"),
    "another format": (json.dumps(document(format="other")).encode(), "invalid_format"),
    "a later version": (json.dumps(document(version=2)).encode(), "too_large"),
    "no version": (json.dumps({"format": "doable", "lists": []}).encode(), "required"),
    "members in another order": (
        json.dumps({"format": "doable", "version": 1} | document()).encode()[:-1] + b',"lists":[]}',
        "out_of_order",
    ),
    "an unknown member": (json.dumps(document(tags=[])).encode(), "unknown_field"),
    "records that are none": (json.dumps(document() | {"todos": {}}).encode(), "malformed"),
    "another hash": (json.dumps(document(TODO, sha256="0" * 64)).encode(), "not_as_exported"),
}


@pytest.fixture(scope="module")
def refused() -> dict[str, tuple[Person, Any]]:
    """Upload all that can't be read, each in somebody's own name, and wait for all checks together."""
    people = {name: Person("someone") for name in UNREADABLE}
    for person in people.values():
        created(person.sign_up())
    ids = {name: begun(person, UNREADABLE[name][0]) for name, person in people.items()}
    return {name: (person, settled(person, ids[name])) for name, person in people.items()}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_can_not_be_read_is_refused_and_told(refused: dict[str, tuple[Person, Any]], name: str) -> None:
    person, found = refused[name]

    assert (found["state"], found["problem_count"]) == ("refused", 1)
    assert found["problems"][0]["code"] == UNREADABLE[name][1], found
    assert found["sha256"] is None
    assert_problem(apply(person, found["id"]), 409, "import_not_checked")


def test_every_fault_is_named_by_its_place_and_nothing_is_imported(alice: Person) -> None:
    todos = [
        TODO,
        *(TODO | {"id": f"{str(TODO['id'])[:-3]}{n:03}"} | wrong for n, (wrong, *_) in enumerate(FAULTS)),
    ]
    lines = ",\n".join(json.dumps(todo) for todo in todos)
    body = json.dumps(document("@")).replace('"@"', lines).replace("Infinity", "1e400")

    found = checked(alice, body.encode())

    expected = [(f"/todos/{n + 1}{pointer}", code, n + 2) for n, (_, pointer, code) in enumerate(FAULTS)]
    told = {(problem["pointer"], problem["code"], problem["line"]) for problem in found["problems"]}
    assert told == set(expected)
    assert (found["state"], found["problem_count"]) == ("refused", len(FAULTS))
    assert_problem(apply(alice, found["id"]), 409, "import_not_checked")
    assert names_in(export_of(alice)) == ["Inbox"]


def test_todos_of_a_list_with_a_fault_are_not_reported_as_well(alice: Person) -> None:
    found = checked(alice, document(TODO, lists=[LIST | {"color": "red"}]))

    assert [problem["pointer"] for problem in found["problems"]] == ["/lists/0/color"]


def test_of_thousands_of_problems_all_are_counted_and_a_hundred_shown(alice: Person) -> None:
    found = checked(alice, document(*([{"x": 1}] * 300)))

    assert len(found["problems"]) == 100
    assert found["problem_count"] == 300 * 17


def test_a_name_of_any_length_makes_a_short_report(alice: Person) -> None:
    found = checked(alice, document(TODO | {"x" * 100_000: 1}))

    assert [problem["pointer"] for problem in found["problems"]] == ["/todos/0/" + "x" * 191]


def test_a_million_records_of_a_kind_are_read() -> None:
    reader = Reader(BytesIO(b",{},{}]"), Place(member="todos", number=MOST_RECORDS - 1))

    assert next(iter(reader)).pointer == "/todos/999999"
    with pytest.raises(UnreadableError) as caught:
        next(iter(reader))
    assert (caught.value.error.pointer, caught.value.error.code) == ("/todos", "too_many")


def test_a_body_that_is_no_json_is_refused_at_once(alice: Person) -> None:
    answer = alice.post("/api/imports/", data=b"{}", headers={"Content-Type": "text/plain"})

    assert_problem(answer, 415, "unsupported_media_type")
    assert_problem(upload(alice, b""), 422, "invalid", "")


# --- attachments ----------------------------------------------------------------------------------

CONTENT = b"Oat milk: 2.19"
PART = {"attachment_id": "019aac45-80a1-4c30-9d5e-23f6a7b8c93a", "offset": 0, "data": b64encode(CONTENT).decode()}
ATTACHMENT = {
    "id": PART["attachment_id"],
    "todo_id": TODO["id"],
    "name": "Receipt.txt",
    "size": len(CONTENT),
    "content_type": "application/octet-stream",
    "sha256": hashlib.sha256(CONTENT).hexdigest(),
    "created_at": "2026-11-22T08:32:10Z",
}
WRONG_ATTACHMENTS: list[tuple[Any, list[tuple[str, str]]]] = [
    ({"size": 13}, [("/size", "other_content")]),
    ({"content_type": "image/png"}, [("/content_type", "other_content")]),
    ({"sha256": "0" * 64}, [("/sha256", "other_content")]),
    ({"id": "019aac45-80a1-4c30-9d5e-000000000000"}, [("", "no_content")]),
    ({"name": "../passwd"}, [("/name", "invalid_file_name")]),
    ({"name": "\u3164"}, [("/name", "invisible")]),
    ({"todo_id": NOBODYS}, [("/todo_id", "unknown_record")]),
    ({"size": 10 * MIB + 1}, [("/size", "too_large")]),
    ({"file": "0" * 64}, [("/file", "unknown_field")]),
]


@pytest.mark.parametrize(("wrong", "expected"), WRONG_ATTACHMENTS, ids=lambda value: str(value)[:40])
def test_an_attachment_that_is_not_what_it_says_is_refused(
    alice: Person, wrong: Any, expected: list[tuple[str, str]]
) -> None:
    found = checked(alice, document(TODO, contents=[PART], attachments=[ATTACHMENT | wrong]))

    assert [(one["pointer"], one["code"]) for one in found["problems"]] == [
        (f"/attachments/0{pointer}", code) for pointer, code in expected
    ]


def test_contents_that_are_no_base64_or_too_long_are_refused(alice: Person) -> None:
    parts = [
        PART | {"data": "?"},
        PART | {"offset": 10 * MIB + 1},
        PART | {"data": b64encode(bytes(MIB // 2)).decode()},
    ]

    found = checked(alice, document(TODO, contents=parts))

    assert [one["pointer"] for one in found["problems"]] == [
        "/contents/0/data",
        "/contents/1/offset",
        "/contents/2/data",
    ]


def test_contents_behind_a_fault_are_not_reported_as_well(alice: Person) -> None:
    given = document(TODO, TODO | {"id": NOBODYS, "title": ""}, contents=[PART], attachments=[ATTACHMENT])

    assert problems_of(alice, given) == [("/todos/1/title", "too_short")]


def test_two_inboxes_and_one_in_the_trash_are_refused(alice: Person) -> None:
    inboxes = [LIST | {"is_inbox": True}, LIST | {"id": f"{NOBODYS[:-1]}1", "is_inbox": True}]
    gone = LIST | {"id": f"{NOBODYS[:-1]}2", "is_inbox": True, "deleted_at": LIST["created_at"]}

    assert problems_of(alice, document(lists=inboxes)) == [("/lists/1/is_inbox", "too_many")]
    assert problems_of(alice, document(lists=[gone])) == [("/lists/0/is_inbox", "inbox_stays")]


def test_more_lists_than_there_may_be_are_refused(alice: Person) -> None:
    lists = [LIST | {"id": f"{NOBODYS[:-4]}{number:04}"} for number in range(1001)]

    assert problems_of(alice, document(lists=lists)) == [("/lists/1000", "too_many")]


def problems_of(person: Person, content: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem["pointer"], problem["code"]) for problem in checked(person, content)["problems"]]


def test_a_fault_elsewhere_makes_no_attachment_one(alice: Person, groceries: Any) -> None:
    alice.attach(alice.make_todo(groceries), b"Oat milk: 2.19", "Receipt.txt")
    exported = export_of(alice)
    exported["todos"][0]["title"] = ""

    found = checked(alice, exported)

    assert [(one["pointer"], one["code"]) for one in found["problems"]] == [("/todos/0/title", "too_short")]
