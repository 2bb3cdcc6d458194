"""Rules: creating, changing, moving and deleting lists and todos, and reading one of them."""

from typing import Any
from uuid import uuid4

import requests
from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, consumes, initialize, multiple, rule

from tests.machine.accounts import ID_TAKEN, LISTS, NOT_FOUND, SIDES, TODOS, Body, Refusal, Row, refuse
from tests.machine.clients import Client
from tests.machine.world import (
    DEVICES,
    HOW,
    NAMES,
    How,
    World,
    dead_lists,
    dead_todos,
    graves,
    homes,
    lists,
    stored,
    todos,
)
from tests.pages import page

Edits = list[tuple[How, Body]]
Made = Row | MultipleResults[Row]
NEW_LIST = {"color": "#808080", "is_archived": False, "is_inbox": False}
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


SIDE = st.sampled_from(SIDES)
KEYED = st.booleans()


def some(fields: list[Body]) -> st.SearchStrategy[Body]:
    """Return up to three of these together."""
    return st.lists(st.sampled_from(fields), min_size=1, max_size=3).map(
        lambda chosen: {name: value for field in chosen for name, value in field.items()}
    )


def edits(fields: list[Body]) -> st.SearchStrategy[Edits]:
    """Return changes of one row that follow each other, by whoever it may be."""
    return st.lists(st.tuples(HOW, some(fields)), min_size=2, max_size=6)


def choose_id(*, chosen: bool) -> Body:
    return {"id": str(uuid4())} if chosen else {}


def must(made: Row | None) -> Row:
    assert made
    return made


class Creating(World):
    def __init__(self) -> None:
        super().__init__()
        laptop, phone, bob = (self.clients[name] for name in ("laptop", "phone", "bob"))
        self.first_lists = [self._open_inbox(laptop), must(self._make_list(phone, {})), self._open_inbox(bob)]
        makers = zip((laptop, laptop, phone, bob), (*self.first_lists[:2], *self.first_lists[1:]), strict=True)
        self.first_todos = [must(self._make_todo(client, home, {})) for client, home in makers]

    @initialize(target=lists)
    def everybody_has_lists(self) -> MultipleResults[Row]:
        return multiple(*self.first_lists)

    @initialize(target=todos)
    def everybody_has_todos(self) -> MultipleResults[Row]:
        return multiple(*self.first_todos)

    @rule(target=lists, name=NAMES, fields=some(LIST_FIELDS), chosen=st.booleans(), keyed=KEYED)
    def make_list(self, name: str, fields: Body, *, chosen: bool, keyed: bool) -> Made:
        made = self._make_list(self.clients[name], fields | choose_id(chosen=chosen), keyed=keyed)
        return made or multiple()

    @rule(target=todos, device=DEVICES, home=homes, fields=some(TODO_FIELDS), chosen=st.booleans(), keyed=KEYED)
    def make_todo(self, device: str, home: Row, fields: Body, *, chosen: bool, keyed: bool) -> Made:
        client = self.client(device, home)
        return self._make_todo(client, home, fields | choose_id(chosen=chosen), keyed=keyed) or multiple()

    @rule(target=todos, name=NAMES, fields=some(TODO_FIELDS), keyed=KEYED)
    def make_todo_in_the_inbox(self, name: str, fields: Body, *, keyed: bool) -> Made:
        return self._make_todo(self.clients[name], None, fields, keyed=keyed) or multiple()

    @rule(name=NAMES, taken=st.one_of(lists, todos, graves), home=lists, is_new=st.booleans(), keyed=KEYED)
    def make_one_with_an_id_that_is_taken(self, name: str, taken: Row, home: Row, *, is_new: bool, keyed: bool) -> None:
        """Check that an id is taken for everybody alike, also that of what is in the trash."""
        if taken.is_stored:
            body = {"name": "Errands"} if taken.kind == LISTS else {"title": "Buy rolls", "list_id": home.id}
            headers = {"If-None-Match": "*"} if is_new else {}
            path = f"/api/{taken.kind}/"
            answer = self.clients[name].send("POST", path, body | {"id": taken.id}, headers, keyed=keyed)
            self.assert_refused(answer, Refusal(412, "precondition_failed") if is_new else ID_TAKEN, taken.kind)

    @rule(target=lists, device=DEVICES, original=st.one_of(lists, lists, dead_lists), keyed=KEYED)
    def duplicate(self, device: str, original: Row, *, keyed: bool) -> Made:
        client = self.client(device, original)
        answer = client.send("POST", f"{original.path}duplicate/", {}, keyed=keyed)
        if not original.is_visible_to(client.account):
            self.assert_refused(answer, NOT_FOUND, LISTS)
            return multiple()
        expected = {"name": original.shown["name"], "color": original.shown["color"], "is_archived": False}
        copy = self._add(client, LISTS, answer, expected | {"is_inbox": False})
        self._add_copies(client, original, copy)
        return copy

    def _add_copies(self, client: Client, original: Row, copy: Row) -> None:
        """Learn the todos of a copied list, and check that they are those of the original in the same order."""
        found = page(client.person, "/api/todos/", list_id=copy.id, limit=200)["results"]
        copies = [client.account.add(TODOS, shown).shown for shown in found]
        originals = client.account.collection(TODOS, {"list_id": original.id})
        kept = [*NEW_TODO, "title", "position", "completed_at"]
        assert [[todo[name] for name in kept] for todo in copies] == [
            [todo.shown[name] for name in kept] for todo in originals
        ]
        assert all(todo["version"] == 1 and todo["created_at"] == todo["updated_at"] for todo in copies)

    def _open_inbox(self, client: Client) -> Row:
        """Return the inbox of an account that was emptied; like one of before there were any, it gets a new one."""
        home = client.send("POST", "/api/todos/", {"title": "Buy oat milk"}).json()["list_id"]
        inbox = client.account.add(LISTS, client.person.get(f"/api/lists/{home}/").json())
        [todo] = page(client.person, "/api/todos/", list_id=home)["results"]
        client.account.add(TODOS, todo)
        assert inbox.shown["is_inbox"]
        return inbox

    def _make_list(self, client: Client, fields: Body, *, keyed: bool = False) -> Row | None:
        body = {"name": "Groceries"} | fields
        return self._make(client, LISTS, body, NEW_LIST | stored(body), keyed=keyed)

    def _make_todo(self, client: Client, home: Row | None, fields: Body, *, keyed: bool = False) -> Row | None:
        body = {"title": "Buy oat milk"} | ({"list_id": home.id} if home else {}) | fields
        return self._make(client, TODOS, body, NEW_TODO | {"list_id": client.account.inbox.id} | body, keyed=keyed)

    def _make(self, client: Client, kind: str, body: Body, expected: Body, *, keyed: bool) -> Row | None:
        """Send a POST, and check that it ends as it must; return the row, None where it is refused."""
        answer = client.send("POST", f"/api/{kind}/", body, keyed=keyed)
        if refusal := refuse(client.account, expected, body):
            self.assert_refused(answer, refusal, kind)
            return None
        return self._add(client, kind, answer, expected)

    def _add(self, client: Client, kind: str, answer: requests.Response, expected: Body) -> Row:
        assert answer.status_code == 201, answer.text
        assert_made(answer, expected)
        row = client.account.add(kind, answer.json())
        assert client.account.order(kind, row.shown.get("list_id"))[-1] is row
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
    def change_list(self, row: Row, edits: Edits) -> None:
        for how, fields in edits:
            self.change(row, how, fields)

    @rule(row=todos, edits=edits(TODO_FIELDS))
    def change_todo(self, row: Row, edits: Edits) -> None:
        for how, fields in edits:
            self.change(row, how, fields)

    @rule(row=todos, home=homes, how=HOW)
    def move(self, row: Row, home: Row, how: How) -> None:
        self.change(row, how, {"list_id": home.id})

    @rule(row=lists, anchor=st.one_of(lists, lists, dead_lists), side=SIDE, how=HOW)
    def order_lists(self, row: Row, anchor: Row, side: str, how: How) -> None:
        self.change(row, how, {side: anchor.id})

    @rule(row=todos, anchor=st.one_of(todos, todos, dead_todos), side=SIDE, how=HOW, is_move=st.booleans())
    def order_todos(self, row: Row, anchor: Row, side: str, how: How, *, is_move: bool) -> None:
        """Put a todo beside another one, at will by moving it to the list in which that is."""
        home = {"list_id": anchor.shown["list_id"]} if is_move and anchor.owner else {}
        self.change(row, how, {side: anchor.id} | home)

    @rule(target=dead_todos, row=consumes(todos), how=HOW)
    def delete_todo(self, row: Row, how: How) -> Row:
        return self._delete(row, how)

    @rule(target=dead_lists, row=consumes(lists), how=HOW)
    def delete_list(self, row: Row, how: How) -> Row:
        return self._delete(row, how)

    @rule(row=graves, how=HOW, fields=some(LIST_FIELDS))
    def disturb_a_grave(self, row: Row, how: How, fields: Body) -> None:
        self.change(row, how, fields if row.kind == LISTS else {"title": "Buy rolls"})
        self.delete(row, how)
        self.read(row, how.device, is_conditional=how.keyed)

    def _delete(self, row: Row, how: How) -> Row:
        """Delete a row, at the latest by its owner and whatever its state; an inbox stays all the same."""
        self.delete(row, how)
        self.delete(row, How("phone", "nothing", how.keyed))
        return row


class Reading(World):
    @rule(device=DEVICES, row=st.one_of(lists, todos), is_conditional=st.booleans())
    def read_one(self, device: str, row: Row, *, is_conditional: bool) -> None:
        self.read(row, device, is_conditional=is_conditional)
