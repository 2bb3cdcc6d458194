# ruff: noqa: S608 - every text is made of constants of this module and of `conditions`, every value is a parameter
"""Pages of todos, each read by one prepared statement whose text is made of constants.

The indexes of the orders begin with the user and the status, so a page of several statuses merges as many ranges of
one. Where no index has both the filters and the order, at most ``MOST_SORTED`` rows are sorted.
"""

from typing import NamedTuple, Self
from uuid import UUID

from msgspec import UNSET

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Place, Slice, cut
from app.common.postgresql.prepared import Row
from app.common.statements import fetch_all, fetch_one
from app.todos.conditions import DUE, MINE, conditions, values
from app.todos.models import BY_RANK
from app.todos.serializers import DEFAULT_ORDER, SparseTodo, TodoFilter, TodoOut, TodoPage

MOST_SORTED = 10_000
MOST_RANKED = 5_000
MOST_COUNTED = 100_000
NAMES = TodoOut.__struct_fields__
COLUMNS = ", ".join(f"todo.{name}" for name in NAMES)
# As a client sees them: an id goes out as text anyway, so nobody has to make an object of it.
WORDS = ", ".join(f"'{priority}'" for priority in BY_RANK)
SEEN = {"id": "todo.id::text", "list_id": "todo.list_id::text", "priority": f"(ARRAY[{WORDS}])[todo.priority + 1]"}
SHOWN = ", ".join(SEEN.get(name, f"todo.{name}") for name in NAMES)
ONE = f"SELECT {SHOWN} FROM core_todo AS todo WHERE {MINE}"
TOO_MANY = f"More than {MOST_SORTED:,} todos match. Ask for fewer, or in an order that has an index for these filters."


class Order(NamedTuple):
    """A key to sort by, with the id behind it, and which filters an index with this key has room for.

    They are those beside the status: ``of_user`` for all lists, ``of_list`` for one list, None where there is no such
    index. ``last`` is the key that comes last in both directions.
    """

    key: str
    of_user: frozenset[str] | None = None
    of_list: frozenset[str] | None = None
    last: str = ""


CREATED = frozenset({"created_after", "created_before"})
ORDERS = {
    "created": Order("created_at", of_user=CREATED, of_list=CREATED),
    "updated": Order("updated_at", of_user=frozenset({"updated_after"})),
    "due": Order(DUE, of_user=frozenset(), last="infinity"),
    "priority": Order("priority", of_user=frozenset()),
    "position": Order("position", of_list=frozenset()),
    "title": Order("title_key", of_user=frozenset()),
}


class Reading(NamedTuple):
    """The way through an order: its name, in which direction, and from which place on."""

    name: str
    is_descending: bool
    place: Place | None

    @classmethod
    def of(cls, asked: TodoFilter, scope: str) -> Self:
        """Return the way that is asked for; raise Problem (400) for a cursor that was not made for this scope."""
        order = asked.order or DEFAULT_ORDER
        return cls(order.removeprefix("-"), order.startswith("-"), Place.read(asked.cursor, scope))

    @property
    def order(self) -> Order:
        return ORDERS[self.name]

    @property
    def is_backward(self) -> bool:
        return self.place is not None and self.place.is_backward

    @property
    def direction(self) -> str:
        return "DESC" if self.is_descending != self.is_backward else "ASC"

    @property
    def has_two_runs(self) -> bool:
        """Say whether what comes last stands at the wrong end of the index."""
        return self.is_descending and self.order.last != ""

    @property
    def sorting(self) -> str:
        """Return the order of rows that have an id and a key, as ORDER BY takes it."""
        last = f"key = '{self.order.last}' {'DESC' if self.is_backward else 'ASC'}, " if self.has_two_runs else ""
        return f"{last}key {self.direction}, todo.id {self.direction}"

    @property
    def implied(self) -> str:
        """Return the filter that holds behind the place anyway; an index would begin to read at that bound instead."""
        return f"{self.name}_{'before' if self.direction == 'DESC' else 'after'}" if self.place else ""

    def runs(self, key: str) -> list[str]:
        """Return the ranges of a key to go through, as conditions; a row comparison is one range of an index."""
        operator = "<" if self.direction == "DESC" else ">"
        behind = f"({key}, id) {operator} (%(key)s, %(id)s)"
        if not self.has_two_runs:
            return [behind if self.place else "true"]
        first, last = f"{key} < '{self.order.last}'", f"{key} >= '{self.order.last}'"
        if not self.place:
            return [first, last]
        is_among_last = self.place.position[0] == self.order.last
        if self.is_backward:
            return [behind, first] if is_among_last else [f"{behind} AND {first}"]
        return [f"{behind} AND {last}"] if is_among_last else [behind, last]

    def rows(self, sources: list[str], key: str) -> str:
        """Return the statement of the page's rows, and some more, among those of sources that end with WHERE."""
        order = f"ORDER BY {key} {self.direction}, id {self.direction} LIMIT %(rows)s"
        return " UNION ALL ".join(f"({source} {run} {order})" for source in sources for run in self.runs(key))


def get_todo(user: Account, todo_id: UUID) -> TodoOut:
    """Return one todo; raise Problem (404), the same for a foreign and a missing one."""
    found = fetch_one(ONE, [user.id, todo_id])
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such todo.")
    return TodoOut(*found)


def todo_page(user: Account, asked: TodoFilter) -> TodoPage:
    """Return the page of todos asked for.

    Raises Problem: 400 for a cursor of another user, filter or order, 422 where more match than are sorted.
    """
    if asked.q:
        return search_page(user, asked)
    scope = asked.scope(user.id)
    reading = Reading.of(asked, scope)
    is_indexed = has_index(asked, reading.order)
    params = values(user, asked) | {"rows": asked.limit + 1}
    if reading.place:
        params["key"], params["id"] = reading.place.position
    statement = in_order if is_indexed else sorted_afterwards
    found = fetch_all(statement(asked, reading), params, is_planned_anew=not is_indexed)
    count = found[0][0] if found else 0
    if not is_indexed and count > MOST_SORTED:
        raise Problem(Code.TOO_MANY_MATCHES, TOO_MANY)
    page = cut(todos_in(found), asked, reading.place, scope, lambda row: [row[-1], row[1]])
    return shown(page, count, asked, MOST_COUNTED)


def search_page(user: Account, asked: TodoFilter) -> TodoPage:
    """Return the todos that fit the words best: first those with all words in the title, whole words before others.

    The newest of a kind is first. Where more than ``MOST_RANKED`` match, that many of them and those among as many of
    the newest todos are ranked.
    """
    params = values(user, asked) | {"rows": asked.limit, "q": asked.q} | templates(user)
    found = fetch_all(ranked(asked), params, is_planned_anew=True)
    return shown(Slice(todos_in(found), None, None), found[0][0], asked, MOST_RANKED)


def has_index(asked: TodoFilter, order: Order) -> bool:
    """Say whether an index has these filters and this order."""
    filters = asked.filters.keys() - {"order", "status"}
    if asked.list_id and len(asked.list_id) == 1:
        return order.of_list is not None and filters <= order.of_list | {"list_id"}
    return order.of_user is not None and filters <= order.of_user


def in_order(asked: TodoFilter, reading: Reading) -> str:
    """Return the statement of a page that an index has in its order."""
    rows = reading.rows(ranges(asked, reading.order, reading.implied), reading.order.key)
    end = f"ORDER BY {reading.sorting} LIMIT %(rows)s"
    if not asked.count:
        return f"SELECT 0, {SHOWN}, key::text AS place FROM ({rows}) AS todo {end}"
    return f"""
        SELECT counted.number, {SHOWN}, key::text AS place
        FROM (SELECT count(*) FROM ({matching("", asked, MOST_COUNTED)}) AS found) AS counted (number)
        LEFT JOIN ({rows}) AS todo ON true {end}"""


def sorted_afterwards(asked: TodoFilter, reading: Reading) -> str:
    """Return the statement of a page that no index has in its order, with the number of all that match."""
    found = matching(f"id, {reading.order.key} AS key", asked, MOST_SORTED)
    return f"""
        WITH found AS MATERIALIZED ({found})
        SELECT counted.number, {SHOWN}, key::text AS place
        FROM (SELECT count(*) FROM found) AS counted (number)
        LEFT JOIN ({reading.rows(["SELECT * FROM found WHERE"], "key")}) AS page ON true
        LEFT JOIN core_todo AS todo USING (id)
        ORDER BY {reading.sorting} LIMIT %(rows)s"""


def ranked(asked: TodoFilter) -> str:
    """Return the statement of a search, with the number of all that match."""
    anywhere, in_title, whole_in_title = (
        f"words @@ core_query(%(q)s, %({template})s)" for template in ("anywhere", "in_title", "whole_in_title")
    )
    columns = f"id, created_at AS key, ({in_title})::int + ({whole_in_title})::int AS rank"
    order = f"ORDER BY key DESC, id DESC LIMIT {MOST_RANKED}"
    newest = " UNION ALL ".join(f"({each} true {order})" for each in ranges(asked, ORDERS["created"], "", "words"))
    return f"""
        WITH found AS MATERIALIZED ({matching(columns, asked, MOST_RANKED, anywhere)}),
        candidates AS (
            SELECT * FROM found
            UNION
            SELECT {columns} FROM (SELECT * FROM ({newest}) AS todo {order}) AS todo
            WHERE (SELECT count(*) FROM found) > {MOST_RANKED} AND {anywhere}
        )
        SELECT counted.number, {SHOWN}, NULL
        FROM (SELECT count(*) FROM found) AS counted (number)
        LEFT JOIN (SELECT * FROM candidates ORDER BY rank DESC, key DESC, id DESC LIMIT %(rows)s) AS page ON true
        LEFT JOIN core_todo AS todo USING (id)
        ORDER BY rank DESC, key DESC, todo.id DESC"""


def templates(user: Account) -> dict[str, str]:
    """Return what each word of a search becomes: the database keeps a word with its place and its user before it."""
    in_title, in_description = (rf"{place}{str(user.id)[-6:]}\1" for place in "td")
    return {
        "anywhere": f"({in_title}:* | {in_description}:*) & ",
        "in_title": f"{in_title}:* & ",
        "whole_in_title": f"{in_title} & ",
    }


def ranges(asked: TodoFilter, order: Order, implied: str, *more: str) -> list[str]:
    """Return the statements of what is asked for, one for each status, as ranges of an order's index."""
    columns = ", ".join((COLUMNS, *more, f"{order.key} AS key"))
    return [
        f"SELECT {columns} FROM core_todo AS todo"
        f" WHERE {conditions(asked, implied)} AND status = %(status_{number})s AND"
        for number, _ in enumerate(asked.statuses())
    ]


def matching(columns: str, asked: TodoFilter, most: int, more: str = "true") -> str:
    """Return the statement of all that match, in no order, and one beyond the most."""
    where = f"{conditions(asked)} AND status = ANY(%(status)s) AND {more}"
    return f"SELECT {columns} FROM core_todo WHERE {where} LIMIT {most + 1}"


def todos_in(found: list[Row]) -> list[Row]:
    """Leave out the row that says only how many match."""
    return [row for row in found if row[1] is not None]


def shown(page: Slice[Row], count: int, asked: TodoFilter, most: int) -> TodoPage:
    """Return the page with the members that were asked for; a count of more than the most is not known."""
    counted = count if count <= most else None
    results = [todo_of(row, asked) for row in page.results]
    return TodoPage(results=results, next=page.next, previous=page.previous, count=counted if asked.count else UNSET)


def todo_of(row: Row, asked: TodoFilter) -> TodoOut | SparseTodo:
    if not asked.fields:
        return TodoOut(*row[1:-1])
    members = dict(zip(NAMES, row[1:-1], strict=True))
    return SparseTodo(**{name: members[name] for name in {"id", *asked.fields}})
