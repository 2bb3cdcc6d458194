"""What the trash has to have done now and then (PERIODIC_JOBS)."""

import logging
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone

from app.common.statements import is_broken_off
from app.trash import queries, services

log = logging.getLogger(__name__)


def purge_trash() -> int:
    """Delete for good what was deleted 30 days ago and more; return how much, without the todos of a list.

    Whoever's data others hold on to is left out until the next time.
    """
    before = timezone.now() - queries.KEPT_FOR
    total, busy = 0, set[UUID]()
    while users := queries.users_to_purge(before, busy):
        for user in users:
            try:
                total += services.purge(user, before)
            except OperationalError as fault:
                if not is_broken_off(fault):
                    raise
                log.warning("the trash of a user can't be purged now", exc_info=fault)
                busy.add(user.id)
    return total
