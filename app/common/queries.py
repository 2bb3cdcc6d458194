"""The rows of stored answers (``idempotency``)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from app.common.models import StoredAnswer

KEPT_FOR = timedelta(hours=24)
PURGE_BATCH = 1000


def find_answer(user_id: UUID, key: str) -> StoredAnswer | None:
    """Return what was stored under a user's key within a day."""
    since = timezone.now() - KEPT_FOR
    return StoredAnswer.objects.filter(user_id=user_id, key=key, created_at__gt=since).first()


def keep_answer(user_id: UUID, key: str, **answer: Any) -> None:
    """Store an answer under a user's key, in place of one that is older than a day."""
    defaults = {**answer, "created_at": timezone.now()}
    StoredAnswer.objects.update_or_create(user_id=user_id, key=key, defaults=defaults)


def delete_old_answers() -> int:
    """Delete a batch of answers that are older than a day; return how many, 0 when all are gone."""
    old = StoredAnswer.objects.filter(created_at__lte=timezone.now() - KEPT_FOR).values_list("pk", flat=True)
    return StoredAnswer.objects.filter(pk__in=list(old[:PURGE_BATCH])).delete()[0]
