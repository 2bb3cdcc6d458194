# ruff: noqa: S608 - every text is made of constants of this module, every value is a parameter
"""Lists as a client reads them, by prepared statements whose text is made of constants."""

from uuid import UUID

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.pagination import Place, cut
from app.common.postgresql.prepared import Row
from app.common.statements import fetch_all, fetch_one
from app.lists.serializers import ListFilter, ListOrder, ListOut, ListPage, ListWithCounts, TodoCounts

KEYS = {ListOrder.CREATED: "created_at", ListOrder.NAME: "name", ListOrder.POSITION: "position"}
FILTERS = {"name": "name = %(name)s", "is_archived": "is_archived = %(is_archived)s"}
NAMES = ListOut.__struct_fields__
SHOWN = ", ".join({"id": "list.id::text"}.get(name, f"list.{name}") for name in NAMES)
MINE = "user_id = %s AND id = %s AND deleted_at IS NULL"
ONE = f"SELECT {SHOWN} FROM core_list AS list WHERE {MINE}"
# Lists know nothing of todos in Python, whose table refers to theirs; this is the one place that reads it.
COUNTS = ", ".join(
    f"count(*) FILTER (WHERE status = '{status}') AS {status}" for status in TodoCounts.__struct_fields__
)
TODOS = "user_id = list.user_id AND list_id = list.id AND deleted_at IS NULL AND NOT list_is_deleted"


def get_list(user: Account, list_id: UUID) -> ListOut:
    """Return one list; raise Problem (404), the same for a foreign and a missing one."""
    found = fetch_one(ONE, [user.id, list_id])
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such list.")
    return ListOut(*found)


def list_page(user: Account, asked: ListFilter) -> ListPage:
    """Return the page of lists asked for; raise Problem (400) for a cursor that is not of this collection."""
    scope = asked.scope(user.id)
    place = Place.read(asked.cursor, scope)
    params = asked.filters | {"user": user.id, "rows": asked.limit + 1}
    if place:
        params["key"], params["id"] = place.position
    page = cut(fetch_all(statement(asked, place), params), asked, place, scope, lambda row: [row[0], row[1]])
    return ListPage(results=[shown(row) for row in page.results], next=page.next, previous=page.previous)


def shown(row: Row) -> ListWithCounts:
    end = len(NAMES) + 1
    return ListWithCounts(*(*row[1:end], TodoCounts(*row[end:])))


def statement(asked: ListFilter, place: Place | None) -> str:
    """Return the statement of a page: the lists first, then the counts of these alone."""
    key = KEYS[asked.order]
    direction, operator = ("DESC", "<") if place and place.is_backward else ("ASC", ">")
    conditions = ["user_id = %(user)s", "deleted_at IS NULL"]
    conditions += [condition for name, condition in FILTERS.items() if name in asked.filters]
    if place:
        conditions.append(f"({key}, id) {operator} (%(key)s, %(id)s)")
    order = f"ORDER BY {key} {direction}, id {direction}"
    return f"""
        SELECT list.{key}::text, {SHOWN}, counts.*
        FROM (SELECT * FROM core_list WHERE {" AND ".join(conditions)} {order} LIMIT %(rows)s) AS list
        CROSS JOIN LATERAL (SELECT {COUNTS} FROM core_todo WHERE {TODOS}) AS counts
        ORDER BY list.{key} {direction}, list.id {direction}"""
