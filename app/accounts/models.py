"""Who someone is, what proves it, the letters that go out, and what was noted of all that."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
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
    is_staff = models.BooleanField(default=False)  # an operator, who may open /admin/
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

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind what was proven at a login to the address too, so that a change of either ends it."""
        proven = f"{self.password} {self.email}"
        return salted_hmac("doable.session", proven, secret=secret, algorithm="sha256").hexdigest()

    def has_perm(self, permission: str, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Let operators do what /admin/ offers, which shows more than it lets change."""
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)


def of_a_user(name: str) -> CascadingForeignKey:
    """Return the constraint by which a row ends with its user."""
    return CascadingForeignKey(columns=("user_id",), table="core_user", targets=("id",), name=name)


class Session(models.Model):
    """A login on one device. The cookie's token is stored only as its SHA-256.

    Of each address family the network last seen is kept, because a device may use both in turn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_hash = models.BinaryField(unique=True)
    user = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, db_index=False)
    address = models.GenericIPAddressField()
    network4 = models.CharField(max_length=18, null=True)  # noqa: DJ001 - null is a family that was never seen
    network6 = models.CharField(max_length=43, null=True)  # noqa: DJ001
    network_changed_at = models.DateTimeField(null=True)
    user_agent = models.CharField(max_length=256)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(auto_now_add=True)
    authenticated_at = models.DateTimeField(default=timezone.now)  # when the password was last given
    expires_at = models.DateTimeField(db_index=True)
    data = models.JSONField()

    class Meta:
        db_table = "core_session"
        constraints = [of_a_user("core_session_user")]
        indexes = [models.Index(fields=["user", "expires_at"], name="core_session_user_expires")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.address}"


class APIToken(models.Model):
    """A key for a program of a user. The token is stored only as its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, db_index=False)
    name = models.CharField(max_length=100)
    token_hash = models.BinaryField(unique=True)
    last_four = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=10))
    address = models.GenericIPAddressField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "core_api_token"
        constraints = [of_a_user("core_api_token_user")]
        indexes = [models.Index(fields=["user", "created_at"], name="core_api_token_user_created")]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class Purpose(models.TextChoices):
    """What the link of a mail is good for."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - no password
    CHANGE_EMAIL = "change_email"


class MailedToken(models.Model):
    """What the link of a mail proves: that its reader owns the address. Stored only as its SHA-256, good once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, db_index=False)
    purpose = models.CharField(max_length=20)
    email = models.EmailField()
    token_hash = models.BinaryField(unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_mailed_token"
        constraints = [
            of_a_user("core_mailed_token_user"),
            models.UniqueConstraint(fields=["user", "purpose"], name="core_mailed_token_one"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} for {self.user_id}"


class Letter(models.TextChoices):
    """The mails there are; each has a template of its name."""

    VERIFY_EMAIL = "verify_email"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - no password
    CHANGE_EMAIL = "change_email"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_DELETED = "account_deleted"


class OutgoingMail(models.Model):
    """A mail on its way. It names no link: that is made when the mail is sent, so none lies here to be read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    letter = models.CharField(max_length=20)
    email = models.EmailField()
    user = models.ForeignKey(User, models.DO_NOTHING, db_constraint=False, db_index=False, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.IntegerField(default=0)
    due_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        db_table = "core_outgoing_mail"
        constraints = [of_a_user("core_outgoing_mail_user")]
        indexes = [models.Index(fields=["user"], name="core_outgoing_mail_user_id")]

    def __str__(self) -> str:
        return f"{self.letter} due {self.due_at}"


class Event(models.TextChoices):
    """What is noted of accounts; docs/audit.md says of each what it means."""

    SIGNED_UP = "signed_up"
    ACCOUNT_CREATED = "account_created"
    EMAIL_VERIFIED = "email_verified"
    LOGGED_IN = "logged_in"
    LOGIN_FAILED = "login_failed"
    LOGIN_LIMITED = "login_limited"
    LOGGED_OUT = "logged_out"
    SESSION_ENDED = "session_ended"
    OTHER_SESSIONS_ENDED = "other_sessions_ended"
    OLDEST_SESSION_ENDED = "oldest_session_ended"
    OPERATOR_ENDED_SESSIONS = "operator_ended_sessions"
    NETWORK_CHANGED = "network_changed"
    NETWORK_REFUSED = "network_refused"
    REAUTHENTICATED = "reauthenticated"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - no password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password
    PASSWORD_RESET_ASKED = "password_reset_asked"  # noqa: S105 - no password
    PASSWORD_RESET = "password_reset"  # noqa: S105 - no password
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_CHANGED = "account_changed"
    ACCOUNT_DELETED = "account_deleted"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    OPERATOR_GRANTED = "operator_granted"
    OPERATOR_REVOKED = "operator_revoked"
    TOKEN_CREATED = "token_created"  # noqa: S105 - no token
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - no token


class AuditEvent(models.Model):
    """Something that happened to an account. Rows are added and changed by their age alone, which a trigger sees to.

    The user and the session are named without a foreign key, because the event outlives both. ``actor_id`` is the
    operator who did it at /admin/; null where the user did, or, without an address too, whoever has a shell.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    event = models.CharField(max_length=30)
    user_id = models.UUIDField(null=True)
    session_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=256)
    request_id = models.CharField(max_length=32)

    class Meta:
        db_table = "core_audit_event"
        indexes = [
            models.Index(fields=["user_id", "event", "-created_at"], name="core_audit_event_user"),
            models.Index(fields=["created_at"], name="core_audit_event_created"),
        ]

    def __str__(self) -> str:
        return f"{self.event} at {self.created_at}"
