"""A list: what todos are kept in."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, IsNull

from app.common.models import CascadingForeignKey, Record
from app.common.positions import FORM, PositionField
from app.common.versions import Versioned

MAX_LISTS = 1000  # of one user, those in the trash included


class List(Versioned, Record):
    """A named list of one user. The inbox, of which everyone has one, is where todos go that name no list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False)
    name = models.CharField(max_length=200)
    color = models.CharField(max_length=7)
    position = PositionField()
    is_archived = models.BooleanField(default=False)
    is_inbox = models.BooleanField(default=False, db_default=False)
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
            models.UniqueConstraint(fields=["user"], condition=models.Q(is_inbox=True), name="core_list_one_inbox"),
            models.CheckConstraint(
                condition=models.Q(is_inbox=False) | models.Q(is_archived=False, deleted_at=None),
                name="core_list_inbox_stays",
            ),
            models.CheckConstraint(condition=GreaterThan(Length("name"), 0), name="core_list_name_not_empty"),
            models.CheckConstraint(condition=models.Q(color__regex=r"^#[0-9a-f]{6}$"), name="core_list_color_hex"),
            models.CheckConstraint(condition=models.Q(position__regex=FORM), name="core_list_position_form"),
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
