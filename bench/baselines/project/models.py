"""The tables of Doable as a project of its own would describe them."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from bench.baselines import PRIORITIES, STATUSES


class User(AbstractBaseUser):
    """Someone who has a session."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    last_login = None
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64)
    is_active = models.BooleanField()

    USERNAME_FIELD = "email"
    objects = BaseUserManager()

    class Meta:
        managed = False
        db_table = "core_user"

    def __str__(self) -> str:
        return self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        proven = f"{self.password} {self.email}"
        return salted_hmac("doable.session", proven, secret=secret, algorithm="sha256").hexdigest()


class Session(models.Model):
    """A login."""

    id = models.UUIDField(primary_key=True)
    token_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, models.CASCADE)
    expires_at = models.DateTimeField()
    data = models.JSONField()

    objects: "ClassVar[models.Manager[Session]]" = models.Manager()

    class Meta:
        managed = False
        db_table = "core_session"

    def __str__(self) -> str:
        return str(self.id)


class List(models.Model):
    """What todos are kept in."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, models.CASCADE, related_name="lists")
    name = models.CharField(max_length=200)
    color = models.CharField(max_length=7)
    position = models.CharField(max_length=1000)
    is_archived = models.BooleanField(default=False)
    is_inbox = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects: "ClassVar[models.Manager[List]]" = models.Manager()

    class Meta:
        managed = False
        db_table = "core_list"

    def __str__(self) -> str:
        return self.name


class Todo(models.Model):
    """Something to do."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, models.CASCADE, related_name="todos")
    list = models.ForeignKey(List, models.CASCADE, related_name="todos")
    title = models.CharField(max_length=500)
    description = models.TextField(blank=True, max_length=10_000)
    status = models.CharField(max_length=11, default="todo", choices=[(name, name) for name in STATUSES])
    priority = models.SmallIntegerField(default=0, choices=[*enumerate(PRIORITIES)])
    due_date = models.DateField(null=True, blank=True)
    due_time = models.TimeField(null=True, blank=True)
    due_timezone = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - the column is so
    position = models.CharField(max_length=1000)
    completed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    list_is_deleted = models.BooleanField(default=False)

    objects: "ClassVar[models.Manager[Todo]]" = models.Manager()

    class Meta:
        managed = False
        db_table = "core_todo"

    def __str__(self) -> str:
        return self.title

    def write(self, values: dict[str, Any], now: datetime) -> None:
        """Store the row with these values, and what follows from them."""
        for name, value in values.items():
            setattr(self, name, value)
        self.updated_at = now
        self.completed_at = (self.completed_at or now) if self.status == "done" else None
        self.save()


def visible_todos(user: User) -> models.QuerySet[Todo]:
    return Todo.objects.filter(user=user, deleted_at=None, list_is_deleted=False)


def lists_with_counts(user: User) -> models.QuerySet[List]:
    """Return the user's lists, each with the number of its todos by status."""
    visible = models.Q(todos__deleted_at=None, todos__list_is_deleted=False)
    counts = {name: models.Count("todos", filter=visible & models.Q(todos__status=name)) for name in STATUSES}
    lists = List.objects.filter(user=user, deleted_at=None)
    return lists.annotate(**counts)  # type: ignore[no-any-return]  # by names that only running tells


def new_todo(user: User, values: dict[str, Any]) -> Todo:
    """Store a todo at the end of its list."""
    now = timezone.now()
    todo = Todo(user=user, created_at=now, position=f"{int(now.timestamp() * 1_000_000):014x}")
    todo.write(values, now)
    return todo
