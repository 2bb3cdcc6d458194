"""What is due today is another page tomorrow, as seen from the user's time zone."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
AUCKLAND = ZoneInfo("Pacific/Auckland")
TODAY = "/api/todos/?due=today"


@pytest.fixture
def alice() -> Client:
    client = Client(headers={"host": "localhost"})
    new = {"email": "alice@example.org", "password": PASSWORD, "time_zone": AUCKLAND.key}
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/auth/csrf/").json()["csrf_token"]
    assert client.post("/auth/register/", new, "application/json").status_code == 201
    return client


def test_no_tag_of_the_day_before_is_good_after_midnight(alice: Client) -> None:
    midnight = datetime.combine(
        datetime.now(UTC) + timedelta(days=2), datetime.min.time(), ZoneInfo("Pacific/Auckland")
    )
    moments = [midnight + timedelta(seconds=second) for second in (-2, -1, 0, 1)]

    tags = []
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            tags.append(alice.get(TODAY).headers["ETag"])

    assert tags[0] == tags[1] != tags[2] == tags[3]


def test_what_becomes_due_at_midnight_is_there_though_nothing_was_written(alice: Client) -> None:
    day = (datetime.now(UTC) + timedelta(days=2)).date()
    token = alice.defaults["HTTP_X_CSRFTOKEN"]
    todo: Any = {"title": "Buy oat milk", "due_date": str(day)}
    assert alice.post("/api/todos/", todo, "application/json", headers={"x-csrftoken": token}).status_code == 201
    midnight = datetime.combine(day, time(), AUCKLAND)

    with time_machine.travel(midnight - timedelta(seconds=1), tick=False):
        assert alice.get(TODAY).json()["results"] == []
    with time_machine.travel(midnight, tick=False):
        assert [found["title"] for found in alice.get(TODAY).json()["results"]] == ["Buy oat milk"]
