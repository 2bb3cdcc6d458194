"""The only door to the rows of attachments; every function that serves a request takes the user."""

from collections.abc import Collection, Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from app.accounts.serializers import Account
from app.attachments.models import LEAST_COUNTED, Attachment
from app.attachments.serializers import AttachmentList, AttachmentOut
from app.common.errors import Code, Problem
from app.todos import queries as todos


class Usage(NamedTuple):
    """How many bytes count towards the quota of a user, and how many attachments a todo has."""

    bytes: int
    on_todo: int


def attachments_of(user: Account) -> QuerySet[Attachment]:
    """Return all of a user, oldest first, those of hidden todos included."""
    return Attachment.objects.filter(user_id=user.id).order_by("created_at", "id")


def attachments_on(user: Account, todo_id: UUID) -> AttachmentList:
    """Return the attachments of a todo; raise Problem (404)."""
    todo = todos.get_todo(user, todo_id)
    return AttachmentList(results=[AttachmentOut.of(row) for row in attachments_of(user).filter(todo_id=todo.id)])


def get_attachment(user: Account, attachment_id: UUID) -> Attachment:
    """Return the attachment of a todo that the user can see; raise Problem (404)."""
    found = attachments_of(user).filter(pk=attachment_id).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such attachment.")
    todos.get_todo(user, found.todo_id)
    return found


def usage(user: Account, todo_id: UUID | None) -> Usage:
    """Return what a user has stored already, by one statement."""
    found = Attachment.objects.filter(user_id=user.id).aggregate(
        bytes=Coalesce(Sum(Greatest("size", LEAST_COUNTED)), 0), on_todo=Count("id", filter=Q(todo_id=todo_id))
    )
    return Usage(**found)


def fullest_todo(user: Account) -> UUID | None:
    """Return the todo that has the most attachments, if any has one."""
    todos_with_files = Attachment.objects.filter(user_id=user.id).values("todo_id").annotate(count=Count("id"))
    return todos_with_files.order_by("-count").values_list("todo_id", flat=True).first()


def known_files(names: Collection[str]) -> set[str]:
    """Return which of these files a row names."""
    return set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))


def named_files() -> Iterator[tuple[UUID, str]]:
    """Yield every attachment with the name of its file, without holding them all."""
    return Attachment.objects.order_by().values_list("id", "file").iterator(chunk_size=2000)
