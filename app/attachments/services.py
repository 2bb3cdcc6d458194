"""Changes of attachments, each inside ``writing``, and what becomes of files that nobody names."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.attachments import files, queries
from app.attachments.files import Upload
from app.attachments.models import MOST_ON_TODO, Attachment, counted
from app.attachments.queries import Usage
from app.attachments.serializers import AttachmentOut
from app.common.errors import Code, Problem
from app.todos import queries as todos

ORPHAN_AGE = 3600  # seconds, in which the transaction that will name a file has long ended


def add_attachment(user: Account, todo_id: UUID, name: str, upload: Upload) -> AttachmentOut:
    """Hang a content on a todo; raise Problem 404, 409 (quota), 503 or 507 (disk)."""
    with writing(user):
        return attach(user, todo_id, name, upload)


def attach(user: Account, todo_id: UUID, name: str, upload: Upload) -> AttachmentOut:
    """Do so inside ``writing``, which keeps others of the user from taking the same room."""
    todo = todos.get_todo(user, todo_id)
    used = queries.usage(user, todo_id)
    require_room(Usage(used.bytes + counted(upload.size), used.on_todo + 1))
    upload.keep()
    told = {field: getattr(upload, field) for field in ("size", "content_type", "sha256", "file")}
    attachment = Attachment(user_id=user.id, todo_id=todo.id, name=name, **told)
    attachment.save(force_insert=True)
    return AttachmentOut.of(attachment)


def require_room(needed: Usage) -> None:
    """Raise Problem (409) where a todo would have more attachments than it may, or a user store too much."""
    if needed.on_todo > MOST_ON_TODO:
        raise Problem(Code.QUOTA_EXCEEDED, f"A todo may have {MOST_ON_TODO} attachments. Delete one first.")
    excess = needed.bytes - settings.ATTACHMENTS_QUOTA
    if excess > 0:
        more = f"{excess} byte{'s' if excess > 1 else ''} more"
        raise Problem(
            Code.QUOTA_EXCEEDED, f"The attachments would take {more} than there is room for. Delete some first."
        )


def delete_attachment(user: Account, attachment_id: UUID) -> None:
    """Delete an attachment, and its content once that is certain; raise Problem (404)."""
    with writing(user):
        attachment = queries.get_attachment(user, attachment_id)
        attachment.delete()
        transaction.on_commit(partial(files.remove, attachment.file), robust=True)


def contents_of(user: Account) -> Iterator[tuple[Attachment, BinaryIO | None]]:
    """Yield all attachments of a user, oldest first, each with its open content; None where that is lost."""
    for attachment in queries.attachments_of(user).iterator():
        with files.open_content(attachment.file) as content:
            yield attachment, content


def sweep_orphans() -> int:
    """Remove the files that no row names and that are older than an hour; return how many."""
    return sum(remove_orphans(found) for found in files.all_files())


def remove_orphans(found: dict[str, Path]) -> int:
    """Remove those of these files that are orphans; return how many."""
    known, born_before = queries.known_files(found), time.time() - ORPHAN_AGE
    return sum(files.remove_old(path, born_before) for name, path in found.items() if name not in known)


def lost_contents() -> Iterator[UUID]:
    """Yield the attachments whose file is not there."""
    return (attachment_id for attachment_id, file in queries.named_files() if not files.is_there(file))
