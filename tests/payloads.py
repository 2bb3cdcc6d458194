"""The fields of every payload, read from its struct, so that a new field is tested without a new line here."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec import inspect

from app.common.serializers import Serializer
from app.common.texts import Line, Text
from tests.routes import CALLS, Route


class Field(NamedTuple):
    """A member of the body of a route."""

    route: Route
    name: str
    kind: inspect.Type
    is_nullable: bool

    def __str__(self) -> str:
        return f"{self.route} {self.name}"

    @property
    def text(self) -> type[Text] | None:
        """Return what the field is, where it is text that people read."""
        kind = self.kind.cls if isinstance(self.kind, inspect.CustomType) else None
        return kind if kind and issubclass(kind, Text) else None

    @property
    def is_line(self) -> bool:
        return self.text is not None and issubclass(self.text, Line)

    @property
    def max_length(self) -> int | None:
        if self.text:
            return self.text.max_length
        return self.kind.max_length if isinstance(self.kind, inspect.StrType) else None


def fields_of(route: Route, payload: type[Serializer]) -> Iterator[Field]:
    described = inspect.type_info(payload)
    assert isinstance(described, inspect.StructType)
    for field in described.fields:
        kinds = field.type.types if isinstance(field.type, inspect.UnionType) else (field.type,)
        plain = [kind.type if isinstance(kind, inspect.Metadata) else kind for kind in kinds]
        yield Field(route, field.encode_name, plain[0], any(isinstance(kind, inspect.NoneType) for kind in plain))


FIELDS = [field for route, call in CALLS.items() if call.payload for field in fields_of(route, call.payload)]


def wrong_values(field: Field) -> list[Any]:
    """Return what the field must refuse: other types, and those that look almost like its own."""
    others = [[], {}, ["x"], {"x": 1}, -1, 1.5, 2**31, 2**63, 2**64, *([] if field.is_nullable else [None])]
    if field.max_length:
        return [*others, True, "x" * (field.max_length + 1)]
    match field.kind:
        case inspect.IntType():
            return [*others, True, False, "1", "", 1.0]
        case inspect.BoolType():
            return [*others, 0, 1, "true", "false", ""]
        case inspect.ListType(
            item_type=inspect.UnionType()
        ):  # commands, which are named themselves where they are wrong
            return [{}, {"x": 1}, -1, 1.5, None, True, 0, "", "x", [], [{}] * 101]
        case _:
            return [*others, True, 0, 1, "", "x", "null"]
