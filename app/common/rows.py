# ruff: noqa: S608 - every text is made of the names of columns and of constants of ours, every value is a parameter
"""One row of a model by one prepared statement: what Django does as well, at a tenth of the processor's time."""

from collections.abc import Collection
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from psycopg.types.json import Jsonb

from app.common.postgresql.prepared import Params
from app.common.statements import change, fetch_one

M = TypeVar("M", bound=models.Model)
Fields = tuple["models.Field[Any, Any]", ...]


def find_row(model: type[M], condition: str, params: Params) -> M | None:
    """Return the row that fulfils a condition of SQL, without its generated columns."""
    fields = stored_fields(model)
    found = fetch_one(f"SELECT {columns(fields)} FROM {model._meta.db_table} WHERE {condition}", params)
    if found is None:
        return None
    values = [loaded(field, value) for field, value in zip(fields, found, strict=True)]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def insert_row(row: models.Model, condition: str, params: list[Any]) -> bool:
    """Store a new row where a condition of SQL holds; return whether it did."""
    fields = stored_fields(type(row))
    places = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {row._meta.db_table} ({columns(fields)}) SELECT {places} WHERE {condition}"
    return bool(change(sql, [*(prepared(field, row) for field in fields), *params]))


def update_row(row: models.Model, names: Collection[str]) -> None:
    """Store these fields of a row."""
    fields = [field for field in stored_fields(type(row)) if field.attname in names]
    places = ", ".join(f"{field.column} = %s" for field in fields)
    sql = f"UPDATE {row._meta.db_table} SET {places} WHERE id = %s"
    change(sql, [*(prepared(field, row) for field in fields), row.pk])


@cache
def stored_fields(model: type[models.Model]) -> Fields:
    return tuple(field for field in model._meta.concrete_fields if not field.generated)


@cache
def columns(fields: Fields) -> str:
    return ", ".join(str(field.column) for field in fields)


def loaded(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Return a value of a column as the field has it; psycopg has decoded JSON already."""
    decode = None if isinstance(field, models.JSONField) else getattr(field, "from_db_value", None)
    return decode(value, None, connection) if decode else value


def prepared(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    """Return a value of a field as its column takes it, without what Django does for other databases."""
    value = getattr(row, field.attname)
    return Jsonb(value) if isinstance(field, models.JSONField) else field.get_prep_value(value)
