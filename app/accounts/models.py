"""Who someone is, and the sessions that prove it."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from app.common.models import CascadingForeignKey, Record


class User(AbstractBaseUser, Record):
    """A person who logs in by e-mail address.

    ``revision`` counts the writes to everything the user owns (``services.writing``).
    """

    last_login = None  # a session has its times; this would cost every login a second write
    email = models.EmailField()
    email_verified_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_active = models.BooleanField(default=True)
    revision = models.BigIntegerField(default=0)

    USERNAME_FIELD = "email"
    objects = BaseUserManager()

    class Meta:
        db_table = "core_user"
        constraints = [
            # Together they make addresses unique without regard to case, by an index that a plain comparison uses.
            models.UniqueConstraint(fields=["email"], name="core_user_email"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="core_user_email_lower"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_verified(self) -> bool:
        return self.email_verified_at is not None


class Session(models.Model):
    """A login on one device. The cookie's token is stored only as its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, db_index=False)
    address = models.GenericIPAddressField()
    network = models.CharField(max_length=43)
    user_agent = models.CharField(max_length=256)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    data = models.JSONField()

    class Meta:
        db_table = "core_session"
        constraints = [
            CascadingForeignKey(columns=("user_id",), table="core_user", targets=("id",), name="core_session_user"),
        ]
        indexes = [models.Index(fields=["user", "expires_at"], name="core_session_user_expires")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.address}"
