"""What must be so: the lists and todos of one account, as acknowledged writes have left them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

Body = dict[str, Any]
LISTS, TODOS = "lists", "todos"
DUE = {"due_date", "due_time", "due_timezone"}


class Refusal(NamedTuple):
    """How a call is refused, with what a 412 shows besides."""

    status: int
    code: str
    pointers: tuple[str, ...] = ()
    more: Body = {}


UNKNOWN_LIST = Refusal(422, "invalid", ("/list_id",))
NOT_FOUND = Refusal(404, "not_found")


class Row:
    """A list or a todo: what it shows, and which version was made by a change of which fields.

    A row without an owner is one that nobody has.
    """

    def __init__(self, owner: "Account | None", kind: str, shown: Body) -> None:
        self.owner, self.kind, self.shown = owner, kind, shown
        self.changes: list[tuple[int, set[str]]] = []
        self.is_deleted = False
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
    def home(self) -> "Row | None":
        """Return the list that a todo is in."""
        return self.owner.rows[LISTS][self.shown["list_id"]] if self.owner and self.kind == TODOS else None

    @property
    def is_present(self) -> bool:
        return self.owner is not None and not self.is_deleted and (self.home is None or self.home.is_present)

    @property
    def stay(self) -> tuple[int, int]:
        """Return what is the same again only for a row that nobody has touched meanwhile."""
        return self.version, self.absences + (self.home.absences if self.home else 0)

    def is_visible_to(self, account: "Account") -> bool:
        return self.owner is account and self.is_present

    def delete(self) -> None:
        self.is_deleted = True
        self.absences += 1

    def change(self, names: Iterable[str], shown: Body) -> None:
        """Note an acknowledged write."""
        self.shown = shown
        self.changes.append((shown["version"], units(names)))

    def changed_since(self, base: int, names: Iterable[str]) -> list[str]:
        """Return which of these fields an acknowledged write has changed after a version."""
        changed = {unit for version, changed in self.changes if version > base for unit in changed}
        return sorted(name for name in names if units([name]) & changed)

    def judge(self, given: Body, base: int | None, tag: str | None) -> Body | Refusal:
        """Return what of a change is left to do, or how it is refused."""
        yours = {name: value for name, value in given.items() if self.shown[name] != value}
        if tag not in (None, "*", f'"{self.version}"'):
            return self._stale(yours, sorted(yours))
        if base is not None and base > self.version:
            return Refusal(422, "invalid", ("/version",))
        if base is not None and (fields := self.changed_since(base, yours)):
            return self._stale(yours, fields)
        return (yours and refuse_todo(self.owner, self.shown | yours, yours)) or yours

    def _stale(self, yours: Body, fields: list[str]) -> Refusal:
        return Refusal(412, "stale_version", (), {"theirs": self.shown, "yours": yours, "fields": fields})


class Account:
    """The rows of one person, deleted ones included, and the calls that may be repeated."""

    def __init__(self, email: str, revision: int) -> None:
        self.email = email
        self.revision = revision
        self.rows: dict[str, dict[str, Row]] = {LISTS: {}, TODOS: {}}

    def add(self, kind: str, shown: Body) -> Row:
        row = self.rows[kind][shown["id"]] = Row(self, kind, shown)
        return row

    def has_list(self, list_id: str) -> bool:
        return list_id in self.rows[LISTS] and self.rows[LISTS][list_id].is_present

    def matching(self, kind: str, filters: Body) -> list[Row]:
        """Return the rows that a collection shows, in its order."""
        rows = [row for row in self.rows[kind].values() if row.is_present]
        found = [row for row in rows if all(row.shown[name] == value for name, value in filters.items())]
        return sorted(found, key=sort_key, reverse=kind == TODOS)


def sort_key(row: Row) -> tuple[datetime, str]:
    return datetime.fromisoformat(row.shown["created_at"]), row.id


def units(names: Iterable[str]) -> set[str]:
    """Return what collides with what: the three parts of when a todo is due are one matter."""
    return {"due" if name in DUE else name for name in names}


def refuse_todo(owner: Account | None, todo: Body, given: Body) -> Refusal | None:
    """Return how a todo is refused that would be so; None for a good one, and for every list."""
    if todo.get("due_time") and not todo["due_date"]:
        return Refusal(422, "invalid", ("/due_time",))
    if todo.get("due_timezone") and not todo["due_time"]:
        return Refusal(422, "invalid", ("/due_timezone",))
    if "list_id" in given and not (owner and owner.has_list(given["list_id"])):
        return UNKNOWN_LIST
    return None
