"""What goes in and out of /api/todos/."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Literal, Self
from unicodedata import normalize
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from msgspec import UNSET, Meta, UnsetType

from app.common.errors import FieldError
from app.common.pagination import Cursor, PageQuery
from app.common.positions import After, Before
from app.common.serializers import ChosenId, Instant, Serializer, Several, Version, invalid
from app.common.texts import Line, Text
from app.todos.models import DESCRIPTION_LENGTH, TITLE_LENGTH, Priority, Status

MOST_WORDS = 10
WORD = re.compile(r"[^\W_]+")
MARKS = re.compile("[\u0300-\u036f]+")  # the database takes words apart without them, and by NFKD
SHORTEST_WORD = 2  # letters that at least one word of a search has

DueDate = Annotated[date, Meta(description="The day it is due.", examples=["2026-12-24"])]
DueTime = Annotated[
    time,
    Meta(
        tz=False,
        description="A time of that day; without a zone it floats with the reader.",
        examples=["18:30:00"],
    ),
]
DueZone = Annotated[ZoneInfo, Meta(description="IANA name; makes the time an instant.", examples=["Europe/Rome"])]


class Title(Line):
    max_length = TITLE_LENGTH
    examples = ["Buy oat milk"]


class Description(Text):
    max_length = DESCRIPTION_LENGTH


class TodoCreate(Serializer):
    """A new todo."""

    title: Title
    list_id: Annotated[UUID, Meta(description="Without it, the inbox.")] | UnsetType = UNSET
    id: ChosenId | UnsetType = UNSET
    description: Description = Description("")
    status: Status = Status.TODO
    priority: Priority = Priority.NONE
    due_date: DueDate | None = None
    due_time: DueTime | None = None
    due_timezone: DueZone | None = None
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET


class TodoUpdate(Serializer):
    """A change of a todo: what is absent stays, null clears; `version` says from which state it was made."""

    title: Title | UnsetType = UNSET
    list_id: UUID | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    due_date: DueDate | UnsetType | None = UNSET
    due_time: DueTime | UnsetType | None = UNSET
    due_timezone: DueZone | UnsetType | None = UNSET
    before: Before | UnsetType = UNSET
    after: After | UnsetType = UNSET
    version: Version | UnsetType = UNSET


class TodoOut(Serializer, kw_only=False):
    """A todo."""

    id: UUID
    list_id: UUID
    title: str
    description: str
    status: Status
    priority: Priority
    due_date: DueDate | None
    due_time: DueTime | None
    due_timezone: str | None
    position: str
    completed_at: Instant | None
    version: Version
    created_at: Instant
    updated_at: Instant

    EXAMPLE = {
        "id": "019aac42-5d17-7e02-a1b8-90c3d4e5f607",
        "list_id": "019aac40-12c4-7b31-8e0f-6d5c4b3a2910",
        "title": "Buy oat milk",
        "description": "",
        "status": "todo",
        "priority": "high",
        "due_date": "2026-12-24",
        "due_time": "18:30:00",
        "due_timezone": "Europe/Rome",
        "position": "0644313c9e8f4e",
        "completed_at": None,
        "version": 1,
        "created_at": "2026-11-22T08:32:10.654321Z",
        "updated_at": "2026-11-22T08:32:10.654321Z",
    }


class SparseTodo(Serializer):
    """The members of a todo that `fields` asked for, and its id."""

    id: UUID
    list_id: UUID | UnsetType = UNSET
    title: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    due_date: date | UnsetType | None = UNSET
    due_time: time | UnsetType | None = UNSET
    due_timezone: str | UnsetType | None = UNSET
    position: str | UnsetType = UNSET
    completed_at: datetime | UnsetType | None = UNSET
    version: Version | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET
    updated_at: datetime | UnsetType = UNSET


TODO_OR_SPARSE = {"anyOf": [{"$ref": "#/components/schemas/TodoOut"}, {"$ref": "#/components/schemas/SparseTodo"}]}


class TodoPage(Serializer):
    """A page of todos."""

    results: Annotated[list[Any], Meta(extra_json_schema={"items": TODO_OR_SPARSE})]
    next: Cursor
    previous: Cursor
    count: (
        Annotated[int | None, Meta(description="With `count=true`: how many match; null above 100,000.")] | UnsetType
    ) = UNSET


def some_of(values: str, text: str) -> Meta:
    """Describe a parameter of several values, each of which fits a pattern."""
    return Meta(description=text, extra_json_schema={"pattern": f"^(?:{values})(?:,(?:{values}))*$"})


Statuses = Annotated[Several[Status], some_of("|".join(Status), "One or several, with commas between them.")]
Priorities = Annotated[Several[Priority], some_of("|".join(Priority), "One or several, with commas between them.")]
ListIds = Annotated[
    Several[UUID], some_of("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "Of one list or of several, up to 100.")
]
Fields = Annotated[
    Several[str], some_of("|".join(TodoOut.__struct_fields__), "Which members to show; `id` is always there.")
]
Moment = Annotated[datetime, Meta(tz=True, examples=["2026-11-22T08:30:00Z"])]
Query = Annotated[
    str, Meta(max_length=200, description="Words that title or description have, or that words in them begin with.")
]
Order = Literal[
    "created",
    "-created",
    "updated",
    "-updated",
    "due",
    "-due",
    "priority",
    "-priority",
    "position",
    "-position",
    "title",
    "-title",
]
DEFAULT_ORDER: Order = "-created"
OPEN = {Status.TODO, Status.IN_PROGRESS}
RANGES = (("due_after", "due_before"), ("created_after", "created_before"), ("completed_after", "completed_before"))


class TodoFilter(PageQuery):
    """Which todos to show, and in which order. A range takes in where it begins, `_after`, and not where it ends."""

    SHOWING: ClassVar[frozenset[str]] = PageQuery.SHOWING | {"fields", "count"}

    list_id: ListIds | UnsetType = UNSET
    status: Statuses | UnsetType = UNSET
    priority: Priorities | UnsetType = UNSET
    due: (
        Annotated[Literal["overdue", "today", "none"], Meta(description="As seen from your time zone.")] | UnsetType
    ) = UNSET
    due_date: DueDate | UnsetType = UNSET
    due_before: date | UnsetType = UNSET
    due_after: date | UnsetType = UNSET
    created_before: Moment | UnsetType = UNSET
    created_after: Moment | UnsetType = UNSET
    updated_after: Moment | UnsetType = UNSET
    completed_before: Moment | UnsetType = UNSET
    completed_after: Moment | UnsetType = UNSET
    q: Query | UnsetType = UNSET
    order: Annotated[Order, Meta(description="`-created` unless given.")] | UnsetType = UNSET
    fields: Fields | UnsetType = UNSET
    count: Annotated[bool, Meta(description="Whether to count all that match.")] = False

    @classmethod
    def from_parameters(cls, given: QueryDict) -> Self:
        """Return checked parameters; those that no todo can match together are refused too (422)."""
        asked = super().from_parameters(given)
        if errors := list(asked.faults()):
            raise invalid(errors)
        return asked

    def resolved(self, time_zone: str) -> dict[str, Any] | None:
        """Return the parameters with the day that `today` is in a time zone; what is overdue changes by the minute."""
        if self.due == "overdue":
            return None
        today = {"today": (time_zone, timezone.now().astimezone(ZoneInfo(time_zone)).date())}
        return self.given() | (today if self.due == "today" else {})

    def faults(self) -> Iterator[FieldError]:
        """Yield what is wrong with parameters that are right each by itself."""
        yield from self._wrong_words()
        yield from self._wrong_fields()
        yield from self._wrong_ranges()
        yield from self._contradictions()

    def statuses(self) -> list[Status]:
        """Return those that a todo can have and match: what is overdue is open, and what is completed is done."""
        possible = set(self.status or Status)
        if self.due == "overdue":
            possible &= OPEN
        if self.completed_after or self.completed_before:
            possible &= {Status.DONE}
        return sorted(possible)

    def _wrong_words(self) -> Iterator[FieldError]:
        words = WORD.findall(self.q) if isinstance(self.q, str) else ["no search"]
        if max(map(len, words), default=0) < SHORTEST_WORD:
            yield FieldError("/q", "too_short", "At least one word needs two letters.")
        if self.q and len(WORD.findall(MARKS.sub("", normalize("NFKD", self.q)))) > MOST_WORDS:
            yield FieldError("/q", "too_long", f"At most {MOST_WORDS} words.")

    def _wrong_fields(self) -> Iterator[FieldError]:
        for name in sorted({*(self.fields or ())} - {*TodoOut.__struct_fields__}):
            yield FieldError("/fields", "invalid_choice", f"There is no member {name!r}.")

    def _wrong_ranges(self) -> Iterator[FieldError]:
        given = self.filters
        for after, before in RANGES:
            if after in given and before in given and given[before] <= given[after]:
                yield FieldError(f"/{before}", "contradicts", f"It must be later than {after}.")

    def _contradictions(self) -> Iterator[FieldError]:
        given = self.filters
        due = [name for name in ("due", "due_date", "due_after", "due_before") if name in given]
        if len(due) > 1 and due != ["due_after", "due_before"]:
            for name in due:
                yield FieldError(f"/{name}", "contradicts", "Ask for due, for due_date, or for a range.")
        if not self.statuses():
            for clashing in sorted(given.keys() & {"status", "due", "completed_after", "completed_before"}):
                yield FieldError(
                    f"/{clashing}", "contradicts", "What is overdue is open, and what is completed is done."
                )
        for unranked in ("order", "cursor") if self.q else ():
            if getattr(self, unranked):
                yield FieldError(f"/{unranked}", "contradicts", "A search is ranked and has one page.")
