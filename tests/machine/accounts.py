"""What must be so: the lists and todos of one account, as acknowledged writes have left them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import ANY

from tests.tags import tag_of

Body = dict[str, Any]
LISTS, TODOS, TRASH = "lists", "todos", "trash"
DUE = {"due_date", "due_time", "due_timezone"}
SIDES = ("before", "after")
PRIORITIES = ("none", "low", "medium", "high", "urgent")
OWN_ORDER = {LISTS: "created", TODOS: "-created", TRASH: "-deleted"}
NONE: Mapping[str, str] = MappingProxyType({})
STATUSES = ("todo", "in_progress", "done", "cancelled")


class Refusal(NamedTuple):
    """How a call is refused: at which members and for which reasons, with what a 412 shows besides."""

    status: int
    code: str
    pointers: tuple[str, ...] = ()
    more: Body = {}
    reasons: tuple[str, ...] = ()


NOT_FOUND = Refusal(404, "not_found")
INBOX_STAYS = Refusal(409, "inbox_stays")
ID_TAKEN = Refusal(409, "id_taken")


def invalid(member: str, reason: str) -> Refusal:
    return Refusal(422, "invalid", (f"/{member}",), reasons=(reason,))


class Row:
    """A list or a todo: what it shows, and which version was made by a change of which fields.

    A row without an owner is one that nobody has.
    """

    def __init__(self, owner: "Account | None", kind: str, shown: Body) -> None:
        self.owner, self.kind, self.shown = owner, kind, shown
        self.changes: list[tuple[int, set[str]]] = []
        self.deletion = 0  # which one of its account's it was; 0 while it is not in the trash by itself
        self.absences = 0

    @property
    def id(self) -> str:
        return str(self.shown["id"])

    @property
    def path(self) -> str:
        return f"/api/{self.kind}/{self.id}/"

    @property
    def version(self) -> int:
        return int(self.shown.get("version", 1))

    @property
    def is_stored(self) -> bool:
        """Return whether it is there or in the trash, and not gone for good."""
        return self.owner is not None and self.owner.rows[self.kind].get(self.id) is self

    @property
    def home(self) -> "Row | None":
        """Return the list that a todo is in."""
        return self.owner.rows[LISTS][self.shown["list_id"]] if self.owner and self.kind == TODOS else None

    @property
    def is_present(self) -> bool:
        return self.is_stored and not self.deletion and (self.home is None or self.home.is_present)

    @property
    def stay(self) -> tuple[int, int]:
        """Return what is the same again only for a row that nobody has touched meanwhile."""
        return self.version, self.absences + (self.home.absences if self.home else 0)

    def is_visible_to(self, account: "Account") -> bool:
        return self.owner is account and self.is_present

    def change(self, names: Iterable[str], shown: Body) -> None:
        """Note an acknowledged write."""
        self.shown = shown
        self.changes.append((shown["version"], units(names)))

    def changed_since(self, base: int, names: Iterable[str]) -> list[str]:
        """Return which of these fields an acknowledged write has changed after a version."""
        changed = {unit for version, changed in self.changes if version > base for unit in changed}
        return sorted(name for name in names if units([name]) & changed)

    def judge(self, given: Body, base: int | None, tag: str | None) -> Body | Refusal:
        """Return what of a change is left to do, or how it is refused; a new position is ANY."""
        wanted = self._placed(given)
        if isinstance(wanted, Refusal):
            return wanted
        yours = {name: value for name, value in wanted.items() if value is ANY or self.shown[name] != value}
        if tag not in (None, "*") and tag != tag_of(self.shown):
            return self._stale(yours, sorted(yours))
        if base is not None and base > self.version:
            return invalid("version", "from_the_future")
        if base is not None and (fields := self.changed_since(base, yours)):
            return self._stale(yours, fields)
        if yours and (refusal := refuse(self.owner, self.shown | yours, yours)):
            return refusal
        return yours | ({"position": ANY} if "list_id" in yours else {})

    def _placed(self, given: Body) -> Body | Refusal:
        """Return a change in which a neighbour has become a position, if it is not that where the row is."""
        side = next((side for side in SIDES if side in given), None)
        if side is None or self.owner is None:
            return given
        order = self.owner.order(self.kind, given.get("list_id", self.shown.get("list_id")))
        anchor = next((row for row in order if row.id == given[side] and row.is_present and row is not self), None)
        if anchor is None:
            return invalid(side, "unknown_neighbour")
        index = order.index(anchor) + (1 if side == "after" else -1)
        is_there = 0 <= index < len(order) and order[index] is self
        rest = {name: value for name, value in given.items() if name != side}
        return rest if is_there else rest | {"position": ANY}

    def _stale(self, yours: Body, fields: list[str]) -> Refusal:
        return Refusal(412, "stale_version", (), {"theirs": self.shown, "yours": yours, "fields": fields})


class Account:
    """The rows of one person, those in the trash included."""

    def __init__(self, email: str, revision: int) -> None:
        self.email = email
        self.revision = revision
        self.deletions = 0
        self.rows: dict[str, dict[str, Row]] = {LISTS: {}, TODOS: {}}

    @property
    def inbox(self) -> Row:
        return next(row for row in self.rows[LISTS].values() if row.shown["is_inbox"])

    def add(self, kind: str, shown: Body) -> Row:
        row = self.rows[kind][shown["id"]] = Row(self, kind, shown)
        return row

    def delete(self, row: Row) -> None:
        self.deletions += 1
        row.deletion = self.deletions
        row.absences += 1

    def forget(self, row: Row) -> None:
        """Let a row be gone for good, a list with all that is in it."""
        for todo in self.order(TODOS, row.id) if row.kind == LISTS else []:
            del self.rows[TODOS][todo.id]
        del self.rows[row.kind][row.id]

    def has_list(self, list_id: str) -> bool:
        return list_id in self.rows[LISTS] and self.rows[LISTS][list_id].is_present

    def order(self, kind: str, list_id: str | None) -> list[Row]:
        """Return the rows that stand in one order by hand: all lists, or the todos of a list."""
        rows = self.rows[kind].values()
        found = (row for row in rows if kind == LISTS or row.shown["list_id"] == list_id)
        return sorted(found, key=lambda row: sort_key(row, "position"))

    def collection(self, kind: str, filters: Mapping[str, str] = NONE, order: str = "") -> list[Row]:
        """Return the rows that a collection shows, in an order or its own; a filter has values with commas between."""
        order = order or OWN_ORDER[kind]
        rows = [row for rows in self.rows.values() for row in rows.values()]
        shown = [row for row in rows if (row.deletion if kind == TRASH else row.kind == kind and row.is_present)]
        found = [row for row in shown if all(row.shown[name] in filters[name].split(",") for name in filters)]
        return sorted(found, key=lambda row: sort_key(row, order), reverse=order.startswith("-"))

    def shape(self, kind: str, row: Row) -> Body:
        """Return how a collection shows a row."""
        if kind == LISTS:
            counts = Counter(todo.shown["status"] for todo in self.order(TODOS, row.id) if todo.is_present)
            return row.shown | {"todo_counts": {status: counts[status] for status in STATUSES}}
        if kind == TODOS:
            return row.shown
        times = {"deleted_at": ANY, "purge_at": ANY}
        if row.kind == TODOS:
            is_deleted = bool(row.home and row.home.deletion)
            return {"kind": "todo", "id": row.id, "todo": row.shown, "list_is_deleted": is_deleted, **times}
        along = sum(not todo.deletion for todo in self.order(TODOS, row.id))
        return {"kind": "list", "id": row.id, "list": row.shown, "todo_count": along, **times}


def sort_key(row: Row, order: str) -> tuple[Any, ...]:
    """Return what a row is sorted by; "-" in front of an order turns it around."""
    if order == "-deleted":
        return (row.deletion,)
    name, shown = order.removeprefix("-"), row.shown
    if name == "due":
        has_none = shown["due_date"] is None  # then it is the last one in both directions
        return has_none != order.startswith("-"), f"{shown['due_date']} {shown['due_time'] or '24'}", row.id
    if name in ("created", "updated"):
        return datetime.fromisoformat(shown[f"{name}_at"]), row.id
    if name == "priority":
        return PRIORITIES.index(shown["priority"]), row.id
    return shown[name].lower() if name == "title" else shown[name], row.id


def units(names: Iterable[str]) -> set[str]:
    """Return what collides with what: the three parts of when a todo is due are one matter."""
    return {"due" if name in DUE else name for name in names}


def refuse(owner: Account | None, row: Body, given: Body) -> Refusal | None:
    """Return how a row is refused that would be so, None for a good one."""
    if row.get("due_time") and not row["due_date"]:
        return invalid("due_time" if "due_time" in given else "due_date", "needs_due_date")
    if row.get("due_timezone") and not row["due_time"]:
        return invalid("due_timezone" if "due_timezone" in given else "due_time", "needs_due_time")
    if "list_id" in given and not (owner and owner.has_list(given["list_id"])):
        return invalid("list_id", "unknown_list")
    return INBOX_STAYS if row.get("is_inbox") and given.get("is_archived") else None
