"""The rows of stored answers (``idempotency``)."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from uuid_utils.compat import uuid7

from app.common.models import StoredAnswer
from app.common.statements import change, fetch_one

KEPT_FOR = timedelta(hours=24)
PURGE_BATCH = 1000
LEAST_BYTES = 1024  # that an answer counts for, because its row takes some too

FIND = """
SELECT fingerprint, status, body, etag FROM core_stored_answer WHERE user_id = %s AND key = %s AND created_at > %s
"""
# All but the oldest, by two looks into an index: a total counts what was kept before, too.
KEPT = "SELECT coalesce(max(total) - min(total), 0) FROM core_stored_answer WHERE user_id = %s"
KEEP = """
INSERT INTO core_stored_answer (id, user_id, key, fingerprint, status, body, etag, created_at, total)
SELECT %s, %s, %s, %s, %s, %s, %s, %s, coalesce(max(total), 0) + %s FROM core_stored_answer WHERE user_id = %s
ON CONFLICT (user_id, key) DO UPDATE SET (fingerprint, status, body, etag, created_at, total) =
    (EXCLUDED.fingerprint, EXCLUDED.status, EXCLUDED.body, EXCLUDED.etag, EXCLUDED.created_at, EXCLUDED.total)
"""


class Answer(NamedTuple):
    """What was answered to which call, the call by its SHA-256."""

    fingerprint: bytes
    status: int
    body: bytes
    etag: str


def find_answer(user_id: UUID, key: str) -> Answer | None:
    """Return what was stored under a user's key within a day."""
    found = fetch_one(FIND, [user_id, key, timezone.now() - KEPT_FOR])
    return Answer(*found) if found else None


def kept_bytes(user_id: UUID) -> int:
    """Return how much the answers to a user take, but for the oldest."""
    [kept] = fetch_one(KEPT, [user_id]) or [0]
    return int(kept)


def keep_answer(user_id: UUID, key: str, answer: Answer) -> None:
    """Store an answer under a user's key, in place of one that is older than a day."""
    size = max(len(answer.body), LEAST_BYTES)
    change(KEEP, [uuid7(), user_id, key, *answer, timezone.now(), size, user_id])


def delete_old_answers() -> int:
    """Delete a batch of answers that are older than a day; return how many, 0 when all are gone."""
    old = StoredAnswer.objects.filter(created_at__lte=timezone.now() - KEPT_FOR).values_list("pk", flat=True)
    return StoredAnswer.objects.filter(pk__in=list(old[:PURGE_BATCH])).delete()[0]
