"""The kinds of records, in the order of the document: what is referred to comes first.

A new field is a line in the struct of its record; a new kind is a struct and an entry here.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast
from uuid import UUID

import msgspec

from app.attachments.content_types import content_type_of
from app.attachments.models import Attachment
from app.common.errors import FieldError, Problem
from app.exchange.transfer import uploads
from app.exchange.transfer.serializers import AttachmentRecord, ListRecord, TodoRecord
from app.lists import services as lists
from app.lists.models import List
from app.todos import services as todos
from app.todos.models import RANKS, Status, Todo

Members = dict[str, Any]
Check = Callable[[Any, UUID | None], list[FieldError]]


class Kind(NamedTuple):
    """How records of one kind are checked and stored."""

    name: str
    record: type[ListRecord] | type[TodoRecord] | type[AttachmentRecord]
    model: type[List] | type[Todo] | type[Attachment]
    stored: Callable[[Members], Members]
    check: Check  # what is wrong between the members of a record, and with the contents of an import
    references: Mapping[str, str] = {}  # members that hold the id of a record of another kind
    derived: Mapping[str, str] = {}  # columns that are not as in the record, in SQL
    read_by: str = ""  # the member by whose values an export reads one portion after another
    are_few: bool = False  # so that an export may keep something of each in memory
    at_once: int = 500  # checked without a pause

    @property
    def members(self) -> tuple[str, ...]:
        return self.record.__struct_fields__

    def row(self, record: Any) -> Members:
        """Return the columns of a checked record as JSON values that PostgreSQL can read."""
        return cast("Members", msgspec.to_builtins(self.stored(msgspec.structs.asdict(record))))


def check_list(record: ListRecord, _: UUID | None) -> list[FieldError]:
    if record.is_inbox and (record.is_archived or record.deleted_at):
        return [FieldError("/is_inbox", "inbox_stays", "The inbox is neither archived nor in the trash.")]
    return []


def stored_todo(members: Members) -> Members:
    return todos.stored(members) | {"priority": RANKS[members["priority"]]}


def check_todo(record: TodoRecord, _: UUID | None) -> list[FieldError]:
    errors = []
    try:
        todos.check_due(cast("Todo", record))
    except Problem as problem:
        errors += problem.errors
    if (record.status is Status.DONE) != (record.completed_at is not None):
        errors.append(FieldError("/completed_at", "not_when_done", "It is set for what is done, and for nothing else."))
    return errors


def check_attachment(record: AttachmentRecord, import_id: UUID | None) -> list[FieldError]:
    """Return where the content is not the one described, if an import has all."""
    if import_id is None:
        return []
    found = uploads.described(import_id, record.id, content_type_of)
    if not found:
        return [FieldError("", "no_content", "The file has no content of this attachment.")]
    return [
        FieldError(f"/{member}", "other_content", "The content that came before is another.")
        for member, value in found.items()
        if getattr(record, member) != value
    ]


def of_referred(member: str, kind: str, value: str) -> str:
    """Return SQL for something of the record that a member refers to.

    It is no join, because PostgreSQL knows too little of rows that have just come to choose well between two.
    """
    return (
        f"(SELECT {value} FROM core_import_row WHERE (source_id, kind, record_id) "  # noqa: S608 - names of our own
        f"= (record.source_id, '{kind}', made.{member}))"
    )


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "lists",
            ListRecord,
            List,
            lists.stored,
            check_list,
            derived={"is_inbox": "made.is_inbox AND %(takes_inbox)s"},
            are_few=True,
        ),
        Kind(
            "todos",
            TodoRecord,
            Todo,
            stored_todo,
            check_todo,
            references={"list_id": "lists"},
            derived={"list_is_deleted": of_referred("list_id", "lists", "data ->> 'deleted_at' IS NOT NULL")},
            read_by="list_id",
        ),
        Kind(
            "attachments",
            AttachmentRecord,
            Attachment,
            dict,
            check_attachment,
            references={"todo_id": "todos"},
            derived={"file": "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')"},
            at_once=4,  # each is read and brought to disk
        ),
    )
}
