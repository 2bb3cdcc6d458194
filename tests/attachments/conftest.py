"""A todo to hang files on."""

from typing import Any

import pytest

from tests.cast import Person


@pytest.fixture
def milk(alice: Person, groceries: Any) -> Any:
    return alice.make_todo(groceries, "Buy oat milk")
