"""What was found in an import so far, and what is wrong with it."""

from typing import Any

from app.common.errors import FieldError
from app.exchange.transfer import canonical
from app.exchange.transfer.models import Import
from app.exchange.transfer.services.tally import Tally

MOST_PROBLEMS = 100
LONGEST_TEXT = 200  # a pointer may name any member of a record


class Report:
    """Counts everything, and keeps the first problems."""

    def __init__(self, source: Import) -> None:
        self.records: dict[str, dict[str, int]] = source.records
        self.problems: list[dict[str, Any]] = source.problems
        self.count = source.problem_count
        self.tally = Tally(source.tally)
        self.total = canonical.Total(bytes(source.total))

    @property
    def is_good(self) -> bool:
        return self.count == 0

    @property
    def can_compare(self) -> bool:
        """Say whether contents are worth reading: all were written, and more problems would still be shown."""
        return self.tally.has_all_parts and self.count < MOST_PROBLEMS

    @property
    def sha256(self) -> str:
        return self.total.sha256()

    def add(self, at: str, line: int, error: FieldError) -> None:
        """Note what is wrong with the record at a pointer."""
        self.count += 1
        if len(self.problems) < MOST_PROBLEMS:
            pointer, detail = (text[:LONGEST_TEXT] for text in (at + error.pointer, error.detail))
            self.problems.append({"pointer": pointer, "line": line, "code": error.code, "detail": detail})

    def count_record(self, kind: str, digest: bytes, *, gets_new_id: bool) -> None:
        counts = self.records.setdefault(kind, {"found": 0, "new_ids": 0})
        counts["found"] += 1
        counts["new_ids"] += gets_new_id
        self.total.add(digest)
