"""How much there may be in one import, which is what an empty account has room for."""

from django.conf import settings

from app.attachments.models import counted
from app.common.errors import FieldError
from app.exchange.transfer.serializers import AttachmentRecord, ListRecord, TodoRecord
from app.lists.models import MAX_LISTS
from app.todos.models import MAX_TODOS

MOST_PARTS = 100_000  # of contents, each of which may be a file


class Tally:
    """Counts towards quotas, until the first is exceeded."""

    def __init__(self, counts: dict[str, int]) -> None:
        self.counts = counts

    @property
    def has_inbox(self) -> bool:
        return "inbox" in self.counts

    def add(self, record: ListRecord | TodoRecord | AttachmentRecord) -> list[FieldError]:
        """Count a record; return what there is too much of since."""
        match record:
            case ListRecord():
                lists = FieldError("", "too_many", f"There may be {MAX_LISTS:,} lists.")
                inbox = FieldError("/is_inbox", "too_many", "There is one inbox.")
                return self._count("lists", 1, MAX_LISTS, lists) + self._count("inbox", record.is_inbox, 1, inbox)
            case TodoRecord():
                todos = FieldError("/list_id", "too_many", f"A list may hold {MAX_TODOS:,} todos.")
                return self._count(str(record.list_id), 1, MAX_TODOS, todos)
            case AttachmentRecord():
                room = FieldError("/size", "too_many", "There is no room for as many bytes of attachments.")
                return self._count("bytes", counted(record.size), settings.ATTACHMENTS_QUOTA, room)

    def add_part(self) -> list[FieldError]:
        parts = FieldError("", "too_many", f"There may be {MOST_PARTS:,} parts of contents.")
        return self._count("parts", 1, MOST_PARTS, parts)

    @property
    def has_all_parts(self) -> bool:
        return "skipped" not in self.counts

    def skip_part(self) -> None:
        """Note that contents are not whole, so that nothing can be told from them."""
        self.counts["skipped"] = 1

    def _count(self, name: str, amount: int, most: int, excess: FieldError) -> list[FieldError]:
        if amount:
            self.counts[name] = self.counts.get(name, 0) + amount
        return [excess] if self.counts.get(name, 0) > most else []
