"""Walking through the pages of a collection."""

from collections.abc import Iterator
from typing import Any

from tests.cast import Person


def page(person: Person, collection: str, **query: Any) -> Any:
    answer = person.get(collection, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def walk(person: Person, collection: str, direction: str = "next", **query: Any) -> Iterator[Any]:
    """Yield page after page, until there is none in that direction."""
    found = page(person, collection, **query)
    yield found
    while found[direction]:
        found = page(person, collection, **query | {"cursor": found[direction]})
        yield found


def ids(*pages: Any) -> list[str]:
    return [row["id"] for found in pages for row in found["results"]]
