"""docs/database.md lists exactly the tables, constraints and indexes of the models."""

import re

from django.apps import apps
from django.db.models import Model

from tests.docs.documents import CODE, codes, first_codes, read, rows, section

PAGE = "docs/database.md"
MODELS: list[type[Model]] = [model for model in apps.get_models() if model.__module__.startswith("app.")]


def test_every_table_is_listed() -> None:
    assert sorted(first_codes(read(PAGE).partition("\n## ")[0])) == sorted(model._meta.db_table for model in MODELS)


def test_every_constraint_is_listed() -> None:
    assert sorted(first_codes(section(read(PAGE), "Constraints"))) == sorted(
        constraint.name for model in MODELS for constraint in model._meta.constraints
    )


def test_every_index_is_listed_with_its_columns() -> None:
    listed = {CODE.findall(cells[0])[0]: cells[1] for cells in rows(section(read(PAGE), "Indexes")) if "`" in cells[0]}

    assert {name: columns.partition(", where")[0].split(", ") for name, columns in listed.items()} == {
        index.name: list(index.fields) for model in MODELS for index in model._meta.indexes
    }


def test_every_column_with_an_index_of_its_own_is_named() -> None:
    indexed = {
        f"{model._meta.db_table}.{field.column}"
        for model in MODELS
        for field in model._meta.local_fields
        if (field.unique or getattr(field, "db_index", False)) and not field.primary_key
    }

    assert indexed == {code for code in codes(section(read(PAGE), "Indexes")) if re.fullmatch(r"core_\w+\.\w+", code)}
