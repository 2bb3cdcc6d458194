"""What every row has, a foreign key that the database keeps by itself, and the notes of the periodic jobs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone
from uuid_utils.compat import uuid7

from app.common.errors import Problem


class Record(models.Model):
    """A row with a UUIDv7 key: new rows lie side by side in the index, and nobody can guess one.

    Whoever writes a row sets its times, so that both are equal until the first change and an old row can be told so.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True


class CascadingForeignKey(models.BaseConstraint):
    """``FOREIGN KEY (columns) REFERENCES table (targets) ON DELETE CASCADE``, of one column or several.

    Django's own constraint has one column and deletes in Python. Several columns let the database refuse
    a todo whose list belongs to someone else; the cascade holds for rows that no code has loaded. With
    ``follows`` the columns also follow a change of the targets (ON UPDATE CASCADE).
    """

    def __init__(
        self, *, columns: tuple[str, ...], table: str, targets: tuple[str, ...], name: str, follows: bool = False
    ) -> None:
        super().__init__(name=name)
        self.columns, self.table, self.targets, self.follows = tuple(columns), table, tuple(targets), follows

    def constraint_sql(  # type: ignore[override]  # the stubs allow None, which Django never passes
        self,
        model: type[models.Model],  # noqa: ARG002 - the signature of the base
        schema_editor: BaseDatabaseSchemaEditor,
    ) -> str:
        quote = schema_editor.quote_name
        columns, targets = (", ".join(map(quote, names)) for names in (self.columns, self.targets))
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({columns})"
            f" REFERENCES {quote(self.table)} ({targets}) ON DELETE CASCADE"
            f"{' ON UPDATE CASCADE' if self.follows else ''}"
        )

    def create_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:  # type: ignore[override]  # never None here
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self.constraint_sql(model, schema_editor)}"

    def remove_sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:  # type: ignore[override]  # never None here
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Leave the check to the database, which alone can make it without a race."""

    def deconstruct(self) -> tuple[str, tuple[()], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        own = {"columns": self.columns, "table": self.table, "targets": self.targets}
        return path, (), {**kwargs, **own} | ({"follows": True} if self.follows else {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CascadingForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.columns, self.table, self.targets, self.follows))


class Job(models.Model):
    """How the last run of a periodic job ended, for operators to see."""

    name = models.CharField(max_length=100, primary_key=True)
    last_run_at = models.DateTimeField()
    last_count = models.IntegerField()
    last_error = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "core_job"

    def __str__(self) -> str:
        return self.name


class StoredAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, kept for a day with what the call was."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    key = models.CharField(max_length=200)
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    body = models.BinaryField()
    etag = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_index=True)
    total = models.BigIntegerField(db_default=0)  # bytes of this and all earlier answers to the user

    class Meta:
        db_table = "core_stored_answer"
        constraints = [
            CascadingForeignKey(
                columns=("user_id",), table="core_user", targets=("id",), name="core_stored_answer_user"
            ),
            models.UniqueConstraint(fields=["user_id", "key"], name="core_stored_answer_key"),
        ]
        indexes = [models.Index(fields=["user_id", "total"], name="core_stored_answer_user_total")]

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"


@contextmanager
def refused_by(problems: Mapping[str, Problem]) -> Iterator[None]:
    """Raise the problem that stands for a constraint where PostgreSQL refuses a statement by it."""
    try:
        yield
    except IntegrityError as fault:
        problem = problems.get(violated_constraint(fault) or "")
        if problem is None:
            raise
        raise problem from fault


def violated_constraint(error: Exception) -> str | None:
    """Return the name of the constraint that PostgreSQL says a statement broke."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)
