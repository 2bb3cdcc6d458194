"""What the trash has to have done now and then (PERIODIC_JOBS)."""

from django.utils import timezone

from app.trash import queries, services


def purge_trash() -> int:
    """Delete for good what was deleted 30 days ago and more; return how much, without the todos of a list."""
    before = timezone.now() - queries.KEPT_FOR
    total = 0
    while users := queries.users_to_purge(before):
        total += sum(services.purge(user, before) for user in users)
    return total
