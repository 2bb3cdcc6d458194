"""A list: what todos are kept in."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, IsNull

from app.common.models import CascadingForeignKey, Record
from app.common.positions import PositionField
from app.common.versions import Versioned


class List(Versioned, Record):
    """A named list of one user."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False)
    name = models.CharField(max_length=200)
    color = models.CharField(max_length=7)
    position = PositionField()
    is_archived = models.BooleanField(default=False)
    deleted_at = models.DateTimeField(null=True)
    is_deleted = models.GeneratedField(
        expression=IsNull(models.F("deleted_at"), False), output_field=models.BooleanField(), db_persist=True
    )

    class Meta:
        db_table = "core_list"
        constraints = [
            CascadingForeignKey(columns=("user_id",), table="core_user", targets=("id",), name="core_list_user"),
            # What a todo refers to: its list can't be another user's, and the todo goes into the trash with it.
            models.UniqueConstraint(fields=["id", "user", "is_deleted"], name="core_list_owner_presence"),
            models.CheckConstraint(condition=GreaterThan(Length("name"), 0), name="core_list_name_not_empty"),
            models.CheckConstraint(condition=models.Q(color__regex=r"^#[0-9a-f]{6}$"), name="core_list_color_hex"),
        ]
        indexes = [
            models.Index(fields=["user", "created_at", "id"], name="core_list_user_created"),
            models.Index(fields=["user", "name"], name="core_list_user_name"),
            models.Index(
                fields=["user", "deleted_at", "id"],
                name="core_list_user_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
