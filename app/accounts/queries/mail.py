"""The rows of mails on their way, and of the links in those that have arrived."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min
from django.utils import timezone

from app.accounts.models import Letter, MailedToken, OutgoingMail, Purpose, User

LINK_LIVES = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(minutes=5)
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


def waiting() -> tuple[int, datetime | None]:
    """Return how many mails have not gone out, and since when the first of them waits."""
    found = OutgoingMail.objects.aggregate(count=Count("pk"), oldest=Min("created_at"))
    return found["count"], found["oldest"]


def count_waiting() -> int:
    """Count the mails that have not gone out yet."""
    return waiting()[0]


def longest_wait() -> float:
    """Say for how many seconds the first of the mails that have not gone out has waited."""
    since = waiting()[1]
    return (timezone.now() - since).total_seconds() if since else 0


def lock(mail: OutgoingMail) -> bool:
    """Keep others from deleting a mail until the end of the transaction; return whether it is still there."""
    return OutgoingMail.objects.select_for_update().filter(pk=mail.pk).exists()


def delete_mail(mail: OutgoingMail) -> None:
    mail.delete()


def is_given_up(mail: OutgoingMail) -> bool:
    """Tell whether a mail has been tried in vain for a day; one that nobody has tried yet may be older."""
    return mail.attempts > 0 and mail.created_at < timezone.now() - GIVEN_UP_AFTER


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


def delete_links_of(user_id: UUID) -> None:
    """Let no link of a user be good any more, nor be made for a mail that is still on its way to another address."""
    OutgoingMail.objects.filter(user=user_id).delete()  # first, because whoever sends one holds it while making a link
    MailedToken.objects.filter(user=user_id).delete()


def delete_aged_links() -> int:
    """Delete the links that are too old; return how many."""
    return MailedToken.objects.filter(expires_at__lte=timezone.now()).delete()[0]
