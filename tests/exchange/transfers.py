"""Exports and imports, as clients make them."""

import json
from typing import Any

import requests

from local.waiting import wait_until
from tests.cast import Person
from tests.routes import EMPTY_EXPORT

SOON = 20  # seconds
GOES_ON = ("uploaded", "checking")
LIST = {
    "id": "019aac40-12c4-4b31-8e0f-6d5c4b3a2910",
    "name": "Groceries",
    "color": "#3366ff",
    "position": "0644313b6d3a2c",
    "is_archived": False,
    "is_inbox": False,
    "version": 3,
    "field_versions": {"name": 2, "color": 3},
    "created_at": "2026-11-22T08:30:00.123456Z",
    "updated_at": "2026-11-22T08:31:00Z",
    "deleted_at": None,
}
TODO = {
    "id": "019aac42-5d17-4e02-a1b8-90c3d4e5f607",
    "list_id": LIST["id"],
    "title": "Buy oat milk",
    "description": "",
    "status": "todo",
    "priority": "high",
    "due_date": "2026-12-24",
    "due_time": "18:30:00",
    "due_timezone": "Europe/Rome",
    "position": "0644313c9e8f4e",
    "completed_at": None,
    "version": 1,
    "field_versions": {},
    "created_at": "2026-11-22T08:32:10.654321Z",
    "updated_at": "2026-11-22T08:32:10.654321Z",
    "deleted_at": None,
}


def document(*todos: Any, **more: Any) -> dict[str, Any]:
    """Return an export with one list and these todos, some members given."""
    return EMPTY_EXPORT | {"lists": [LIST], "todos": list(todos)} | more


def export_of(person: Person) -> Any:
    answer = person.get("/api/export/", timeout=120)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names_in(found: Any) -> list[str]:
    """Return the names of the lists in an export."""
    return [one["name"] for one in found["lists"]]


def upload(person: Person, content: bytes | dict[str, Any]) -> requests.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return person.post("/api/imports/", data=body, headers={"Content-Type": "application/json"})


def begun(person: Person, content: bytes | dict[str, Any]) -> str:
    answer = upload(person, content)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def look(person: Person, import_id: str) -> Any:
    answer = person.get(f"/api/imports/{import_id}/")
    assert answer.status_code == 200, answer.text
    return answer.json()


def settled(person: Person, import_id: str, seconds: float = SOON) -> Any:
    """Return an import once its check has ended."""
    wait_until(lambda: look(person, import_id)["state"] not in GOES_ON, seconds, "the import is not checked")
    return look(person, import_id)


def checked(person: Person, content: bytes | dict[str, Any]) -> Any:
    return settled(person, begun(person, content))


def apply(person: Person, import_id: str) -> requests.Response:
    return person.post(f"/api/imports/{import_id}/apply/", timeout=120)


def take_in(person: Person, content: bytes | dict[str, Any]) -> Any:
    """Import a document and return what was made."""
    found = checked(person, content)
    assert found["state"] == "checked", found
    answer = apply(person, found["id"])
    assert answer.status_code == 200, answer.text
    return answer.json()
