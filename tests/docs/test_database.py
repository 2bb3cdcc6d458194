"""docs/database.md lists exactly the tables, constraints and indexes of the models."""

import re
from typing import Any

from django.apps import apps
from django.db.models import Func, Index, Model

from tests.docs.documents import CODE, ROOT, codes, first_codes, read, rows, section

PAGE = "docs/database.md"
MADE = re.compile(r"CREATE FUNCTION (core_\w+)\(.*?RETURNS (?!trigger)")
MODELS: list[type[Model]] = [model for model in apps.get_models() if model.__module__.startswith("app.")]


def test_every_table_is_listed() -> None:
    assert sorted(first_codes(read(PAGE).partition("\n## ")[0])) == sorted(model._meta.db_table for model in MODELS)


def test_every_constraint_is_listed() -> None:
    assert sorted(first_codes(section(read(PAGE), "Constraints"))) == sorted(
        constraint.name for model in MODELS for constraint in model._meta.constraints
    )


def test_every_index_is_listed_with_its_columns() -> None:
    listed = {CODE.findall(cells[0])[0]: cells[1] for cells in rows(section(read(PAGE), "Indexes")) if "`" in cells[0]}

    assert {name: columns.partition(", where")[0] for name, columns in listed.items()} == {
        index.name: ", ".join(columns_of(index)) for model in MODELS for index in model._meta.indexes
    }


def columns_of(index: Index) -> list[str]:
    """Return the columns of an index, one that is computed as it is written in SQL."""
    return list(index.fields) or [written(expression) for expression in index.expressions]


def written(expression: Any) -> str:
    if not isinstance(expression, Func):
        return str(expression.name)
    return f"{expression.extra['function']}({', '.join(map(written, expression.get_source_expressions()))})"


def test_every_function_is_listed() -> None:
    made = {name for path in ROOT.glob("app/*/migrations/*.py") for name in MADE.findall(path.read_text())}

    assert set(first_codes(section(read(PAGE), "Functions"))) == made


def test_every_column_with_an_index_of_its_own_is_named() -> None:
    indexed = {
        f"{model._meta.db_table}.{field.column}"
        for model in MODELS
        for field in model._meta.local_fields
        if (field.unique or getattr(field, "db_index", False)) and not field.primary_key
    }

    assert indexed == {code for code in codes(section(read(PAGE), "Indexes")) if re.fullmatch(r"core_\w+\.\w+", code)}
