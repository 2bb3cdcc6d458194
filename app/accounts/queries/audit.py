"""The notes of what happens to accounts: added to, and changed by nothing but their age."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from app.accounts.models import AuditEvent, Event
from app.common.clientip import Origin
from app.common.statements import fetch_one
from app.ops.logging import request_id
from app.ops.metrics import account_events

log = logging.getLogger("doable.audit")

KNOWN_FOR = timedelta(days=90)
BATCH = 1000
PROOFS = [Event.LOGGED_IN, Event.REAUTHENTICATED, Event.PASSWORD_RESET, Event.EMAIL_VERIFIED]
PROOF_FROM_NETWORK = """
SELECT 1 FROM core_audit_event
WHERE user_id = %s AND event = ANY(%s) AND created_at > %s AND address <<= %s::inet LIMIT 1
"""
# The application's role may neither change nor delete events: the function may, as far as the trigger lets it.
FORGET_OLD = "SELECT core_forget_old_events(%s)"


def record(
    event: Event,
    user_id: UUID | None,
    origin: Origin | None = None,
    session_id: UUID | None = None,
    *,
    actor_id: UUID | None = None,
) -> None:
    """Note an event, in the transaction that makes it true; the log gets it without the address.

    ``actor_id`` is the operator who did it to the user; without one, the user did it.
    """
    AuditEvent.objects.create(
        event=event,
        user_id=user_id,
        session_id=session_id,
        actor_id=actor_id,
        address=origin and origin.address,
        user_agent=origin.user_agent if origin else "",
        request_id=request_id.get(),
    )
    account_events.labels(str(event)).inc()
    log.info("audit", extra={"fields": {"event": str(event), "user_id": user_id and str(user_id)}})


def knows_network(user_id: UUID, origin: Origin) -> bool:
    """Tell whether a user has proven to be one from this network of late, by the password or by a mail."""
    since = timezone.now() - KNOWN_FOR
    return fetch_one(PROOF_FROM_NETWORK, [user_id, [*PROOFS], since, origin.network]) is not None


def forget_old() -> int:
    """Delete a batch of events after a year and blur a batch of addresses to their networks after 90 days."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET_OLD, [BATCH])
        return int(cursor.fetchone()[0])
