"""Rules: creating, changing, moving and deleting lists and todos, and reading one of them."""

from typing import Any
from uuid import uuid4

import requests
from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, consumes, initialize, multiple, rule

from tests.machine.accounts import LISTS, TODOS, Body, Refusal, Row, refuse_todo
from tests.machine.clients import Client
from tests.machine.world import BASES, DEVICES, KEYED, NAMES, PRECONDITIONS, Edit, World, graves, lists, stored, todos

Made = Row | MultipleResults[Row]
NEW_LIST = {"color": "#808080", "is_archived": False}
NEW_TODO = {
    "description": "",
    "status": "todo",
    "priority": "none",
    "due_date": None,
    "due_time": None,
    "due_timezone": None,
}
LIST_FIELDS: list[Body] = [
    *({"name": name} for name in ("Groceries", "Errands", "Бакалея 🥛")),
    *({"color": color} for color in ("#808080", "#2E9E5B", "#2e9e5b")),
    *({"is_archived": is_archived} for is_archived in (True, False)),
]
TODO_FIELDS: list[Body] = [
    *({"title": title} for title in ("Buy oat milk", "Buy rye bread", "Call Grandma ☎")),
    *({"description": text} for text in ("", "The blue one", "Line one\nLine two")),
    *({"status": status} for status in ("todo", "in_progress", "done", "cancelled")),
    *({"priority": priority} for priority in ("none", "high", "urgent")),
    *({"due_date": date} for date in (None, "2026-12-24", "2027-01-01")),
    {"due_time": None},
    {"due_time": "18:30:00"},
    {"due_timezone": None},
    {"due_date": "2026-12-24", "due_time": "18:30:00"},
    {"due_date": "2027-01-01", "due_time": "07:00:00", "due_timezone": "Europe/Rome"},
    {"due_date": None, "due_time": None, "due_timezone": None},
]


homes = st.one_of(lists, lists, lists, graves)


def some(fields: list[Body]) -> st.SearchStrategy[Body]:
    """Return up to three of these together."""
    return st.lists(st.sampled_from(fields), min_size=1, max_size=3).map(
        lambda chosen: {name: value for field in chosen for name, value in field.items()}
    )


def edits(fields: list[Body]) -> st.SearchStrategy[list[Edit]]:
    """Return changes of one row that follow each other, by whoever it may be."""
    return st.lists(st.builds(Edit, DEVICES, some(fields), BASES, KEYED), min_size=2, max_size=6)


def choose_id(*, chosen: bool) -> Body:
    return {"id": str(uuid4())} if chosen else {}


def must(made: Row | None) -> Row:
    assert made
    return made


class Creating(World):
    def __init__(self) -> None:
        super().__init__()
        owners = [self.clients[name] for name in ("laptop", "phone", "bob")]
        self.first_lists = [must(self._make_list(client, {})) for client in owners]
        self.first_todos = [must(self._make_todo(*pair, {})) for pair in zip(owners, self.first_lists, strict=True)]

    @initialize(target=lists)
    def everybody_has_a_list(self) -> MultipleResults[Row]:
        return multiple(*self.first_lists)

    @initialize(target=todos)
    def everybody_has_a_todo(self) -> MultipleResults[Row]:
        return multiple(*self.first_todos)

    @rule(target=lists, name=NAMES, fields=some(LIST_FIELDS), chosen=st.booleans(), keyed=KEYED)
    def make_list(self, name: str, fields: Body, *, chosen: bool, keyed: bool) -> Made:
        made = self._make_list(self.clients[name], fields | choose_id(chosen=chosen), keyed=keyed)
        return made or multiple()

    @rule(target=todos, device=DEVICES, home=homes, fields=some(TODO_FIELDS), chosen=st.booleans(), keyed=KEYED)
    def make_todo(self, device: str, home: Row, fields: Body, *, chosen: bool, keyed: bool) -> Made:
        client = self.client(device, home)
        return self._make_todo(client, home, fields | choose_id(chosen=chosen), keyed=keyed) or multiple()

    @rule(name=NAMES, taken=st.one_of(lists, todos, graves), home=lists, keyed=KEYED)
    def make_one_with_an_id_that_is_taken(self, name: str, taken: Row, home: Row, *, keyed: bool) -> None:
        """Check that an id is taken for everybody alike, also that of what is deleted."""
        if taken.owner:
            body = {"name": "Errands"} if taken.kind == LISTS else {"title": "Buy rolls", "list_id": home.id}
            answer = self.clients[name].send("POST", f"/api/{taken.kind}/", body | {"id": taken.id}, keyed=keyed)
            self.assert_refused(answer, Refusal(409, "id_taken"), taken.kind)

    def _make_list(self, client: Client, fields: Body, *, keyed: bool = False) -> Row | None:
        body = {"name": "Groceries"} | fields
        return self._make(client, LISTS, body, NEW_LIST | stored(body), keyed=keyed)

    def _make_todo(self, client: Client, home: Row, fields: Body, *, keyed: bool = False) -> Row | None:
        body = {"title": "Buy oat milk", "list_id": home.id} | fields
        return self._make(client, TODOS, body, NEW_TODO | body, keyed=keyed)

    def _make(self, client: Client, kind: str, body: Body, expected: Body, *, keyed: bool) -> Row | None:
        """Send a POST, and check that it ends as it must; return the row, None where it is refused."""
        answer = client.send("POST", f"/api/{kind}/", body, keyed=keyed)
        if refusal := refuse_todo(client.account, expected, body):
            self.assert_refused(answer, refusal, kind)
            return None
        assert answer.status_code == 201, answer.text
        assert_made(answer, expected)
        row = client.account.add(kind, answer.json())
        self.assert_shows(client, answer, row)
        return row


def assert_made(answer: requests.Response, expected: Body) -> None:
    """Check that a new row has what was asked for, and begins as new rows do."""
    shown: Any = answer.json()
    assert {name: shown[name] for name in expected} == expected
    assert shown["version"] == 1
    assert shown["created_at"] == shown["updated_at"]
    assert shown.get("completed_at") == (shown["created_at"] if shown.get("status") == "done" else None)


class Changing(World):
    @rule(row=lists, edits=edits(LIST_FIELDS))
    def change_list(self, row: Row, edits: list[Edit]) -> None:
        for edit in edits:
            self.change(row, edit)

    @rule(row=todos, edits=edits(TODO_FIELDS))
    def change_todo(self, row: Row, edits: list[Edit]) -> None:
        for edit in edits:
            self.change(row, edit)

    @rule(row=todos, home=homes, device=DEVICES, base=BASES, keyed=KEYED)
    def move(self, row: Row, home: Row, device: str, base: str, *, keyed: bool) -> None:
        self.change(row, Edit(device, {"list_id": home.id}, base, keyed))

    @rule(target=graves, row=consumes(todos), device=DEVICES, base=PRECONDITIONS, keyed=KEYED)
    def delete_todo(self, row: Row, device: str, base: str, *, keyed: bool) -> Row:
        return self._delete(row, device, base, keyed=keyed)

    @rule(target=graves, row=consumes(lists), device=DEVICES, base=PRECONDITIONS, keyed=KEYED)
    def delete_list(self, row: Row, device: str, base: str, *, keyed: bool) -> Row:
        return self._delete(row, device, base, keyed=keyed)

    @rule(row=graves, device=DEVICES, fields=some(LIST_FIELDS), base=BASES, keyed=KEYED)
    def disturb_a_grave(self, row: Row, device: str, fields: Body, base: str, *, keyed: bool) -> None:
        self.change(row, Edit(device, fields if row.kind == LISTS else {"title": "Buy rolls"}, base, keyed))
        self.delete(self.client(device, row), row, base, keyed=keyed)
        self.read(self.client(device, row), row, is_conditional=base == "version")

    def _delete(self, row: Row, device: str, base: str, *, keyed: bool) -> Row:
        """Delete a row, at the latest by its owner and whatever its state."""
        self.delete(self.client(device, row), row, base, keyed=keyed)
        self.delete(self.client("phone", row), row, "nothing", keyed=keyed)
        return row


class Reading(World):
    @rule(device=DEVICES, row=st.one_of(lists, todos), is_conditional=st.booleans())
    def read_one(self, device: str, row: Row, *, is_conditional: bool) -> None:
        self.read(self.client(device, row), row, is_conditional=is_conditional)
