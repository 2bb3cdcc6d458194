"""Changing a todo."""

from typing import Any

import requests

from tests.cast import Person


def patch(person: Person, todo: Any, **changes: Any) -> requests.Response:
    return person.patch(f"/api/todos/{todo['id']}/", json=changes)


def change(person: Person, todo: Any, **changes: Any) -> Any:
    """Make a change that must succeed, and return the todo as it is now."""
    answer = patch(person, todo, **changes)
    assert answer.status_code == 200, answer.text
    return answer.json()
