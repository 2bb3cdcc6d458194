"""What the tests of the trash do again and again."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import Person
from tests.pages import page
from tests.tags import tag_of

Delete = Callable[[str, Any], None]
Restore = Callable[[Any], Any]


@pytest.fixture
def milk(alice: Person, groceries: Any) -> Any:
    return alice.make_todo(groceries, "Buy oat milk")


@pytest.fixture
def delete(alice: Person) -> Delete:
    def delete(kind: str, row: Any) -> None:
        assert alice.delete(f"/api/{kind}/{row['id']}/").status_code == 204

    return delete


@pytest.fixture
def restore(alice: Person) -> Restore:
    def restore(row: Any) -> Any:
        answer = alice.post(f"/api/trash/{row['id']}/restore/")
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"].removeprefix("W/") == tag_of(answer.json())
        return answer.json()

    return restore


def trash(person: Person, **query: Any) -> list[Any]:
    results: list[Any] = page(person, "/api/trash/", **query)["results"]
    return results


def visible(person: Person, kind: str) -> list[str]:
    """Return the ids of what is not in the trash, without the inbox, which never is."""
    rows = page(person, f"/api/{kind}/", limit=200)["results"]
    return sorted(row["id"] for row in rows if not row.get("is_inbox"))
