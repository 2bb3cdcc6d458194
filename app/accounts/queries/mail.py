"""The rows of mails on their way, and of the links in those that have arrived."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from app.accounts.models import Letter, MailedToken, OutgoingMail, Purpose, User

LINK_LIVES = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(days=1)


def enqueue(letter: Letter, email: str, user_id: UUID | None = None) -> None:
    """Let a mail go out soon after this transaction."""
    OutgoingMail.objects.create(letter=letter, email=email, user_id=user_id)


def claim_due_mail() -> OutgoingMail | None:
    """Take the next mail that is due, and let it be due again later in case it is not delivered."""
    mail = OutgoingMail.objects.filter(due_at__lte=timezone.now()).order_by("due_at").first()
    if mail:
        pause = min(FIRST_PAUSE * 2**mail.attempts, LONGEST_PAUSE)
        OutgoingMail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1, due_at=timezone.now() + pause)
    return mail


def delete_mail(mail: OutgoingMail) -> None:
    mail.delete()


def is_given_up(mail: OutgoingMail) -> bool:
    return mail.created_at < timezone.now() - GIVEN_UP_AFTER


def replace_mailed_token(user: User, purpose: Purpose, email: str, token_hash: bytes) -> None:
    """Store the token of a link; an earlier one of the same purpose ends."""
    MailedToken.objects.update_or_create(
        user=user,
        purpose=purpose,
        defaults={"email": email, "token_hash": token_hash, "expires_at": timezone.now() + LINK_LIVES},
    )


def find_mailed_token(purpose: Purpose, token_hash: bytes) -> MailedToken | None:
    """Return the token of a link that is still good, with its user, whose account is open."""
    live = MailedToken.objects.filter(user__is_active=True, purpose=purpose, expires_at__gt=timezone.now())
    return live.filter(token_hash=token_hash).select_related("user").first()


def use_mailed_token(token: MailedToken) -> bool:
    """Use a link up; return whether it still could be used."""
    return bool(MailedToken.objects.filter(pk=token.pk, token_hash=bytes(token.token_hash)).delete()[0])


def delete_mailed_tokens_of(user_id: UUID) -> None:
    MailedToken.objects.filter(user=user_id).delete()


def delete_aged_tokens() -> int:
    """Delete the links that are too old; return how many."""
    return MailedToken.objects.filter(expires_at__lte=timezone.now()).delete()[0]
