"""A todo to begin with."""

from typing import Any

import pytest

from tests.cast import Person


@pytest.fixture
def milk(alice: Person, groceries: Any) -> Any:
    return alice.make_todo(groceries, "Buy oat milk", priority="high", due_date="2026-12-24")
