"""What is due today and what is overdue, as seen from the user's own time zone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.todos.conditions import clock
from tests.cast import Person
from tests.todos.changes import change

ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Niue", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]


def titles(person: Person, **query: str) -> set[str]:
    answer = person.get("/api/todos/", params=query)
    assert answer.status_code == 200, answer.text
    return {todo["title"] for todo in answer.json()["results"]}


def due_at(moment: datetime) -> dict[str, str]:
    return {"due_date": str(moment.date()), "due_time": moment.strftime("%H:%M:%S")}


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_that_of_the_users_own_clock(alice: Person, groceries: Any, zone: str) -> None:
    assert alice.patch("/auth/me/", json={"time_zone": zone}).ok
    today = datetime.now(ZoneInfo(zone)).date()
    for days in (-1, 0, 1):
        alice.make_todo(groceries, str(days), due_date=str(today + timedelta(days=days)))

    assert titles(alice, due="today") == {"0"}
    assert titles(alice, due="overdue") == {"-1"}


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_that_has_passed_is_overdue(alice: Person, groceries: Any, zone: str) -> None:
    assert alice.patch("/auth/me/", json={"time_zone": zone}).ok
    now = datetime.now(ZoneInfo(zone))
    for title, minutes in (("past", -5), ("ahead", 5)):
        alice.make_todo(groceries, title, **due_at(now + timedelta(minutes=minutes)))

    assert titles(alice, due="overdue") == {"past"}


@pytest.mark.parametrize("zone", ZONES)
def test_an_instant_is_due_wherever_the_reader_is(alice: Person, groceries: Any, zone: str) -> None:
    now = datetime.now(ZoneInfo(zone))
    for title, minutes in (("past", -5), ("ahead", 5)):
        alice.make_todo(groceries, title, **due_at(now + timedelta(minutes=minutes)), due_timezone=zone)

    assert titles(alice, due="overdue") == {"past"}


def test_an_instant_is_due_on_the_day_it_has_for_the_reader(alice: Person, groceries: Any) -> None:
    noon = datetime.combine(datetime.now(UTC).date(), datetime.min.time(), UTC) + timedelta(hours=12)
    kiritimati = (noon + timedelta(hours=1)).astimezone(ZoneInfo("Pacific/Kiritimati"))  # tomorrow there
    alice.make_todo(groceries, "today", **due_at(kiritimati), due_timezone="Pacific/Kiritimati")
    alice.make_todo(groceries, "tomorrow", due_date=str(kiritimati.date()))

    assert titles(alice, due="today") == {"today"}


def test_only_what_is_open_is_overdue(alice: Person, groceries: Any) -> None:
    for status in ("todo", "in_progress", "done", "cancelled"):
        alice.make_todo(groceries, status, status=status, due_date="2020-01-01")

    assert titles(alice, due="overdue") == {"todo", "in_progress"}
    assert titles(alice, due="overdue", status="todo,done") == {"todo"}


def test_what_has_no_date_is_due_never(alice: Person, groceries: Any) -> None:
    someday = alice.make_todo(groceries, "someday")
    alice.make_todo(groceries, "once", due_date="2020-01-01")

    assert titles(alice, due="none") == {"someday"}
    change(alice, someday, due_date="9999-12-31")
    assert titles(alice, due="none") == set()
    assert titles(alice, due="overdue") == {"once"}


@pytest.mark.parametrize(
    ("zone", "now", "day", "hours"),
    [
        ("America/New_York", "2026-03-08T06:59:59Z", "2026-03-08", 23),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01", 25),
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01", 25),
        ("America/Havana", "2026-03-08T05:00:00Z", "2026-03-08", 23),
        ("Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-01", 24),
        ("Pacific/Niue", "2026-12-31T10:59:59Z", "2026-12-30", 24),
    ],
)
def test_a_day_on_which_the_clock_moves_has_its_own_length(zone: str, now: str, day: str, hours: int) -> None:
    shown = clock(ZoneInfo(zone), datetime.fromisoformat(now))

    assert shown["today"] == date.fromisoformat(day)
    assert (shown["next_midnight"].astimezone(UTC) - shown["midnight"].astimezone(UTC)) == timedelta(hours=hours)
    assert shown["midnight"].astimezone(UTC) <= shown["now"] < shown["next_midnight"].astimezone(UTC)
