"""The ETag of a list or todo, as whoever was shown the row otherwise can tell it."""

from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tag_of(shown: Any) -> str:
    since_epoch = datetime.fromisoformat(shown["updated_at"]) - EPOCH
    return f'"{shown["version"]}-{since_epoch // timedelta(microseconds=1):x}"'
