"""The manual order of rows: text that sorts, with room for one more between any two that differ."""

from datetime import datetime
from typing import Any

from django.db import models


def at_the_end(now: datetime) -> str:
    """Return a position behind those made before ``now``: the microseconds since 1970, in hexadecimal."""
    return f"{int(now.timestamp() * 1_000_000):014x}"


class PositionField(models.CharField):  # type: ignore[type-arg]  # generic only in the stubs
    """A position, compared byte by byte: a longer text stands behind its own beginning."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 200, "db_collation": "C", **options})
