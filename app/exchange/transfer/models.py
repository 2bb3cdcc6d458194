"""A file that somebody wants imported, and the records that were found in it."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from uuid_utils.compat import uuid7

from app.common.models import CascadingForeignKey


class ImportState(StrEnum):
    """How far an import has come. What is UPLOADED or CHECKING goes on by itself."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"
    FAILED = "failed"
    APPLIED = "applied"


class Import(models.Model):
    """A file, how far it was read (``place``), and what was found up to there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False)
    state = models.CharField(max_length=8, default=ImportState.UPLOADED.value)
    size = models.BigIntegerField()
    place = models.JSONField(default=dict)
    records = models.JSONField(default=dict)  # of each kind, how many, and how many of these get new ids
    problems = models.JSONField(default=list)  # the first of them
    problem_count = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict)  # what counts towards quotas
    total = models.BinaryField(default=b"")  # what the canonical hash is made of
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)  # at the step that is next
    due_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        app_label = "exchange"
        db_table = "core_import"
        constraints = [
            CascadingForeignKey(columns=("user_id",), table="core_user", targets=("id",), name="core_import_user"),
            models.UniqueConstraint(fields=["user"], name="core_import_one"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="core_import_waiting",
                condition=models.Q(state__in=[ImportState.UPLOADED.value, ImportState.CHECKING.value]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} import"


class ImportRow(models.Model):
    """A record of an import, as the columns of its table will hold it, and the id that it will have there."""

    source = models.ForeignKey(Import, models.DO_NOTHING, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=20)
    record_id = models.UUIDField()
    target_id = models.UUIDField()
    data = models.JSONField()
    digest = models.BinaryField()

    class Meta:
        app_label = "exchange"
        db_table = "core_import_row"
        constraints = [
            CascadingForeignKey(
                columns=("source_id",), table="core_import", targets=("id",), name="core_import_row_source"
            ),
            models.UniqueConstraint(fields=["source", "kind", "record_id"], name="core_import_row_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
