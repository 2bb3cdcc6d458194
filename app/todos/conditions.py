"""What a filter means in SQL: one constant for each, every value in a parameter of its name."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from app.accounts.serializers import Account
from app.todos.models import RANKS
from app.todos.serializers import TodoFilter

VISIBLE = "deleted_at IS NULL AND NOT list_is_deleted"
MINE = f"user_id = %s AND id = %s AND {VISIBLE}"
DUE = "core_due_key(due_date, due_time)"
OTHER_ZONES = timedelta(days=2)  # no two clocks on Earth are further apart

CONDITIONS = {
    "priority": "priority = ANY(%(priority)s)",
    "due_date": f"{DUE} >= %(due_date)s::date AND {DUE} < %(due_date)s::date + 1",
    "due_after": f"{DUE} >= %(due_after)s::date AND due_date IS NOT NULL",
    "due_before": f"{DUE} < %(due_before)s::date",
    "created_after": "created_at >= %(created_after)s",
    "created_before": "created_at < %(created_before)s",
    "updated_after": "updated_at >= %(updated_after)s",
    "completed_after": "completed_at >= %(completed_after)s",
    "completed_before": "completed_at < %(completed_before)s",
}
# A due time with a zone is an instant, without one a reading of the user's own clock. The range of days is for the
# index: what is far enough away is due, or not, in every zone.
DUE_CONDITIONS = {
    "none": f"{DUE} = 'infinity' AND due_date IS NULL",
    "today": f"""{DUE} >= %(earliest)s AND {DUE} < %(latest)s AND CASE
        WHEN due_timezone IS NULL THEN due_date = %(today)s
        ELSE core_instant(due_date + due_time, due_timezone) <@ tstzrange(%(midnight)s, %(next_midnight)s) END""",
    "overdue": f"""{DUE} < %(latest)s AND CASE
        WHEN due_timezone IS NULL OR {DUE} < %(earliest)s THEN {DUE} < %(clock)s
        ELSE core_instant(due_date + due_time, due_timezone) < %(now)s END""",
}


def conditions(asked: TodoFilter, implied: str = "") -> str:
    """Return what the todos asked for fulfil beside their status, leaving out the filter that is implied."""
    chosen = [CONDITIONS[name] for name in asked.filters if name in CONDITIONS and name != implied]
    if asked.list_id:  # an index keeps its order behind one list, not behind ANY
        chosen.append("list_id = %(list_id)s" if len(asked.list_id) == 1 else "list_id = ANY(%(list_id)s)")
    if asked.due:
        chosen.append(DUE_CONDITIONS[asked.due])
    return " AND ".join(["user_id = %(user)s", VISIBLE, *chosen])


def values(user: Account, asked: TodoFilter) -> dict[str, Any]:
    """Return the values of all parameters that the conditions name."""
    statuses = [str(status) for status in asked.statuses()]
    given = {name: value for name, value in asked.filters.items() if name in CONDITIONS}
    if asked.list_id:
        given["list_id"] = asked.list_id[0] if len(asked.list_id) == 1 else list(asked.list_id)
    if asked.priority:
        given["priority"] = [RANKS[priority] for priority in asked.priority]
    if asked.due in ("today", "overdue"):
        given |= clock(ZoneInfo(user.time_zone), timezone.now())
    each = {f"status_{number}": status for number, status in enumerate(statuses)}
    return {"user": user.id, "status": statuses, **each, **given}


def clock(zone: ZoneInfo, now: datetime) -> Mapping[str, Any]:
    """Return what a clock in a time zone shows, and when the day on it begins and ends."""
    local = now.astimezone(zone).replace(tzinfo=None)
    midnight = datetime.combine(local, time())
    return {
        "now": now,
        "clock": local,
        "today": local.date(),
        "midnight": midnight.replace(tzinfo=zone),
        "next_midnight": (midnight + timedelta(days=1)).replace(tzinfo=zone),
        "earliest": midnight - OTHER_ZONES,
        "latest": midnight + OTHER_ZONES + timedelta(days=1),
    }
