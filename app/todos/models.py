"""A todo."""

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

from app.common.models import CascadingForeignKey, Record
from app.common.positions import FORM, PositionField
from app.common.versions import Versioned
from app.lists.models import List

TITLE_LENGTH = 500
DESCRIPTION_LENGTH = 10_000
MAX_TODOS = 10_000  # of one list, those in the trash included


class Status(StrEnum):
    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How much a todo matters, from least to most."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


# What is in the trash neither by itself nor with its list.
VISIBLE = Q(deleted_at=None, list_is_deleted=False)

RANKS = {priority: rank for rank, priority in enumerate(Priority)}
BY_RANK = list(Priority)


class PriorityField(models.SmallIntegerField):  # type: ignore[type-arg]  # generic only in the stubs
    """A priority, kept as its rank so that the database can sort by it."""

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else RANKS[Priority(value)]

    def from_db_value(self, value: int | None, *_: object) -> Priority | None:
        return None if value is None else BY_RANK[value]


class Todo(Versioned, Record):
    """Something to do, due on a day, at a floating time of it, or at an instant in a time zone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False)
    list = models.ForeignKey(List, models.DO_NOTHING, db_constraint=False, db_index=False)
    title = models.CharField(max_length=TITLE_LENGTH)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=11, default=Status.TODO)
    priority = PriorityField(default=Priority.NONE)
    due_date = models.DateField(null=True)
    due_time = models.TimeField(null=True)
    due_timezone = models.CharField(max_length=64, null=True)  # noqa: DJ001 - null is no zone, "" would be a second one
    position = PositionField()
    completed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    # Kept by core_todo_list_owner: the database sets it when the list goes into the trash or comes back.
    list_is_deleted = models.BooleanField(default=False, db_default=False)
    # What titles are sorted by, without case and accents. Beside it stand the `words` of title and description, which
    # only search reads and the database alone knows.
    title_key = models.GeneratedField(
        expression=Func("title", function="core_title_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    UNITS = {"due_date": "due", "due_time": "due", "due_timezone": "due"}

    class Meta:
        db_table = "core_todo"
        constraints = [
            CascadingForeignKey(
                columns=("list_id", "user_id", "list_is_deleted"),
                table="core_list",
                targets=("id", "user_id", "is_deleted"),
                name="core_todo_list_owner",
                follows=True,
            ),
            models.CheckConstraint(condition=GreaterThan(Length("title"), 0), name="core_todo_title_not_empty"),
            models.CheckConstraint(
                condition=~GreaterThan(Length("description"), DESCRIPTION_LENGTH),
                name="core_todo_description_length",
            ),
            models.CheckConstraint(condition=Q(status__in=[*Status]), name="core_todo_status"),
            models.CheckConstraint(
                condition=Q(priority__range=(Priority.NONE, Priority.URGENT)), name="core_todo_priority"
            ),
            models.CheckConstraint(
                condition=Q(due_time=None) | Q(due_date__isnull=False), name="core_todo_due_time_has_date"
            ),
            models.CheckConstraint(
                condition=Q(due_timezone=None) | Q(due_time__isnull=False), name="core_todo_due_zone_has_time"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.DONE, completed_at__isnull=False)
                | (~Q(status=Status.DONE) & Q(completed_at=None)),
                name="core_todo_completed_when_done",
            ),
            models.CheckConstraint(condition=Q(position__regex=FORM), name="core_todo_position_form"),
        ]
        # Pages are read in the order of one of these; core_todo_words, which search reads, is made by a migration.
        indexes = [
            models.Index(fields=["list"], name="core_todo_list"),
            models.Index(
                fields=["user", "status", "created_at", "id"], name="core_todo_user_created", condition=VISIBLE
            ),
            models.Index(
                fields=["user", "status", "updated_at", "id"], name="core_todo_user_updated", condition=VISIBLE
            ),
            models.Index(
                fields=["user", "status", "priority", "id"], name="core_todo_user_priority", condition=VISIBLE
            ),
            models.Index(fields=["user", "status", "title_key", "id"], name="core_todo_user_title", condition=VISIBLE),
            models.Index(
                F("user"),
                F("status"),
                Func("due_date", "due_time", function="core_due_key"),
                F("id"),
                name="core_todo_user_due",
                condition=VISIBLE,
            ),
            models.Index(
                fields=["user", "completed_at"],
                name="core_todo_user_completed",
                condition=VISIBLE & Q(completed_at__isnull=False),
            ),
            models.Index(
                fields=["user", "list", "status", "created_at", "id"], name="core_todo_list_created", condition=VISIBLE
            ),
            models.Index(
                fields=["user", "list", "status", "position", "id"], name="core_todo_list_position", condition=VISIBLE
            ),
            models.Index(
                fields=["user", "deleted_at", "id"],
                name="core_todo_user_deleted",
                condition=Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title
