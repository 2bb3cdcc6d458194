"""The rows of stored answers (``idempotency``)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from app.common.models import StoredAnswer

KEPT_FOR = timedelta(hours=24)
PURGE_BATCH = 1000
LEAST_BYTES = 1024  # that an answer counts for, because its row takes some too


def answers_of(user_id: UUID) -> QuerySet[StoredAnswer]:
    return StoredAnswer.objects.filter(user_id=user_id)


def find_answer(user_id: UUID, key: str) -> StoredAnswer | None:
    """Return what was stored under a user's key within a day."""
    return answers_of(user_id).filter(key=key, created_at__gt=timezone.now() - KEPT_FOR).first()


def kept_bytes(user_id: UUID) -> int:
    """Return how much the answers to a user take, but for the oldest, by two looks into an index."""
    ends = answers_of(user_id).aggregate(oldest=Min("total"), newest=Max("total"))
    return (ends["newest"] or 0) - (ends["oldest"] or 0)


def keep_answer(user_id: UUID, key: str, **answer: Any) -> None:
    """Store an answer under a user's key, in place of one that is older than a day."""
    before = Subquery(answers_of(user_id).order_by("-total").values("total")[:1])
    total = Coalesce(before, 0) + max(len(answer["body"]), LEAST_BYTES)
    changes = {**answer, "created_at": timezone.now(), "total": total}
    row = StoredAnswer(user_id=user_id, key=key, **changes)
    StoredAnswer.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["user_id", "key"], update_fields=changes
    )


def delete_old_answers() -> int:
    """Delete a batch of answers that are older than a day; return how many, 0 when all are gone."""
    old = StoredAnswer.objects.filter(created_at__lte=timezone.now() - KEPT_FOR).values_list("pk", flat=True)
    return StoredAnswer.objects.filter(pk__in=list(old[:PURGE_BATCH])).delete()[0]
