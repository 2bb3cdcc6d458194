"""An attachment: a file that hangs on a todo. Its content lies on disk (``files``)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from uuid_utils.compat import uuid7

from app.common.models import CascadingForeignKey
from app.todos.models import Todo

NAME_LENGTH = 255
MAX_SIZE = 10 * 1024 * 1024
LEAST_COUNTED = 4096  # bytes: a tiny file takes a block and an inode of the disk as well
MOST_ON_TODO = 100


def counted(size: int) -> int:
    """Return how many bytes of the quota a content of this size takes."""
    return max(size, LEAST_COUNTED)


class Attachment(models.Model):
    """What is known of a content, which never changes; ``file`` is its unguessable name on disk."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    todo = models.ForeignKey(Todo, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.IntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "core_attachment"
        constraints = [
            CascadingForeignKey(columns=("user_id",), table="core_user", targets=("id",), name="core_attachment_user"),
            CascadingForeignKey(columns=("todo_id",), table="core_todo", targets=("id",), name="core_attachment_todo"),
            models.UniqueConstraint(fields=["file"], name="core_attachment_file"),
            models.CheckConstraint(condition=~Q(name=""), name="core_attachment_name_not_empty"),
            models.CheckConstraint(condition=Q(size__range=(1, MAX_SIZE)), name="core_attachment_size"),
            models.CheckConstraint(condition=Q(file__regex=r"^[0-9a-f]{64}$"), name="core_attachment_file_hex"),
        ]
        indexes = [
            models.Index(fields=["todo", "created_at", "id"], name="core_attachment_todo_created"),
            models.Index(fields=["user", "created_at", "id"], name="core_attachment_user_created"),
        ]

    def __str__(self) -> str:
        return self.name
