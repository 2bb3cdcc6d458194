"""The rows of API tokens."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from app.accounts.models import APIToken
from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.statements import fetch_one

MOST_TOKENS = 50  # of one user
SHOWN_AFTER_END = timedelta(days=30)
USED_EVERY = timedelta(minutes=1)

# The time of the last use is written by the statement that reads the row, at most once a minute.
BY_HASH = """
WITH live AS (
    SELECT t.id, t.scopes, t.last_used_at,
           u.id AS user_id, u.email, u.name, u.time_zone, u.email_verified_at IS NOT NULL AS is_verified
    FROM core_api_token t JOIN core_user u ON u.id = t.user_id
    WHERE t.token_hash = %s AND t.expires_at > %s AND u.is_active
), used AS (
    UPDATE core_api_token SET last_used_at = %s FROM live
    WHERE core_api_token.id = live.id AND (live.last_used_at IS NULL OR live.last_used_at < %s)
)
SELECT scopes, user_id, email, name, time_zone, is_verified FROM live
"""


def live_token(token_hash: bytes) -> tuple[Account, list[str]] | None:
    """Return the user of a token that has not ended, and its scopes; note that it was used."""
    now = timezone.now()
    row = fetch_one(BY_HASH, [token_hash, now, now, now - USED_EVERY])
    if row is None:
        return None
    scopes, user_id, email, name, time_zone, is_verified = row
    return Account(id=user_id, email=email, name=name, time_zone=time_zone, is_verified=is_verified), scopes


def tokens_of(user_id: UUID) -> QuerySet[APIToken]:
    """Return the tokens of a user, ended ones too, the newest first."""
    return APIToken.objects.filter(user=user_id).order_by("-created_at")


def insert_token(token: APIToken) -> None:
    """Store a token; raise Problem (409) where the user has too many. To be called inside ``writing``."""
    if APIToken.objects.filter(user=token.user_id).count() >= MOST_TOKENS:
        raise Problem(Code.QUOTA_EXCEEDED, f"There are {MOST_TOKENS} tokens already. Delete one first.")
    token.save(force_insert=True)


def delete_token(user_id: UUID, token_id: UUID) -> None:
    """End a token of a user; raise Problem (404)."""
    if not APIToken.objects.filter(user=user_id, pk=token_id).delete()[0]:
        raise Problem(Code.NOT_FOUND)


def delete_aged_tokens() -> int:
    """Delete the tokens that ended a month ago; until then their user can see that they have."""
    return APIToken.objects.filter(expires_at__lt=timezone.now() - SHOWN_AFTER_END).delete()[0]


def delete_tokens_of(user_id: UUID) -> None:
    APIToken.objects.filter(user=user_id).delete()
