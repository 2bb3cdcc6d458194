"""Keyset pages: each costs the same, and rows that stay put are neither skipped nor shown twice."""

from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Any, ClassVar, Generic, NamedTuple, Self, TypeVar

import msgspec
from django.core.signing import BadSignature, Signer
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from msgspec import Meta

from app.common.errors import Code, Problem
from app.common.serializers import Serializer

MAX_LIMIT = 200
R = TypeVar("R")
S = TypeVar("S", bound=Serializer)

Cursor = Annotated[
    str | None,
    Meta(
        description="For `?cursor=`; null at the end.",
        examples=["WyIyMDI2LTExLTAxVDA4OjAwOjAwWiJd:c2lnbmF0dXJl"],
    ),
]


class PageQuery(Serializer, dict=True):
    """The query parameters of every collection; a collection adds its filters, each ``T | UnsetType``.

    ``SHOWING`` names the parameters that choose no rows and no order: they may change from page to page.
    """

    SHOWING: ClassVar[frozenset[str]] = frozenset({"limit", "cursor"})

    limit: Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="Results on one page.")] = 50
    cursor: Annotated[
        str, Meta(max_length=4000, description="`next` or `previous` of another page of the same collection.")
    ] = ""

    @cached_property
    def filters(self) -> dict[str, Any]:
        """The filters that were given, by their names."""
        return {name: value for name, value in self.given().items() if name not in self.SHOWING}

    def resolved(self, time_zone: str) -> dict[str, Any] | None:  # noqa: ARG002 - for those that know relative dates
        """Return the parameters as they are meant now, in a time zone; None where the answer changes with the clock."""
        return self.given()

    def scope(self, owner: object) -> str:
        """Return what a cursor is bound to: the collection with its filters and order, and whose it is."""
        return f"{type(self).__name__}:{owner}:{msgspec.json.encode(self.filters).decode()}"


class Keyset(NamedTuple):
    """An order that no two rows share: its columns and its direction."""

    columns: tuple[str, ...]
    is_descending: bool

    def reversed(self) -> Self:
        return self._replace(is_descending=not self.is_descending)

    def order(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by(*(f"-{column}" if self.is_descending else column for column in self.columns))

    def after(self, rows: QuerySet[Any], position: list[str]) -> QuerySet[Any]:
        """Keep the rows behind a position, by a row comparison: one range of the index, unlike OR."""
        lookup = TupleLessThan if self.is_descending else TupleGreaterThan
        return rows.filter(lookup(Tuple(*map(F, self.columns)), position))


class Place(msgspec.Struct, array_like=True):
    """What a cursor says: read on from here, in which direction."""

    is_backward: bool
    position: list[str]

    @classmethod
    def read(cls, cursor: str, scope: str) -> Self | None:
        """Return the place a cursor names; raise Problem (400) for one that was not made for this scope."""
        if not cursor:
            return None
        try:
            return msgspec.convert(Signer(salt=scope).unsign_object(cursor), cls)
        except (BadSignature, msgspec.ValidationError) as fault:
            raise Problem(Code.INVALID_CURSOR, "Start again without a cursor.") from fault

    def write(self, scope: str) -> str:
        return Signer(salt=scope).sign_object(msgspec.to_builtins(self))


class Slice(NamedTuple, Generic[R]):
    """The results of one page and the cursors to its neighbours."""

    results: list[R]
    next: str | None
    previous: str | None


def read_slice(rows: QuerySet[Any], shape: type[S], query: PageQuery, keyset: Keyset, owner: object) -> Slice[S]:
    """Return the page that a query asks for, in the keyset's order, by one statement.

    ``shape`` names the columns to read; raises Problem (400) for a cursor of another user, filter or collection.
    """
    scope = query.scope(owner)
    place = Place.read(query.cursor, scope)
    towards = keyset.reversed() if place and place.is_backward else keyset
    if place:
        rows = towards.after(rows, place.position)
    found = [
        msgspec.convert(row, shape) for row in towards.order(rows).values(*shape.__struct_fields__)[: query.limit + 1]
    ]
    return cut(found, query, place, scope, lambda row: [str(getattr(row, column)) for column in keyset.columns])


def cut(
    found: list[R], query: PageQuery, place: Place | None, scope: str, position: Callable[[R], list[str]]
) -> Slice[R]:
    """Return the page among rows that were read from a place on, in the direction it names, one beyond the limit."""
    is_backward = place is not None and place.is_backward
    has_more, results = len(found) > query.limit, found[: query.limit]
    if is_backward:
        results.reverse()
    has_next, has_previous = (True, has_more) if is_backward else (has_more, place is not None)
    return Slice(
        results,
        Place(is_backward=False, position=position(results[-1])).write(scope) if results and has_next else None,
        Place(is_backward=True, position=position(results[0])).write(scope) if results and has_previous else None,
    )
