"""Imports as their owner sees them: upload, look, discard, apply."""

from functools import partial
from uuid import UUID

from django.db import transaction

from app.accounts.serializers import Account
from app.accounts.services.writing import writing
from app.common.errors import Code, Problem
from app.common.limits import Bucket, Limit, take
from app.common.models import refused_by
from app.common.statements import be_patient
from app.common.uploads import Upload
from app.exchange.transfer import uploads
from app.exchange.transfer.kinds import KINDS
from app.exchange.transfer.models import Import, ImportState
from app.exchange.transfer.queries import imports, room
from app.exchange.transfer.serializers import ImportOut, ImportProblem, RecordCount
from app.exchange.transfer.services.tally import Tally

UPLOADS = Limit("uploads_of_account", 10, 3600)


def begin_import(user: Account, upload: Upload) -> ImportOut:
    """Take a file in to be checked, in the place of an earlier import; raise Problem 429 or 507."""
    take(Bucket(UPLOADS, str(user.id)))
    with writing(user):
        made, earlier = imports.replace_import(user, upload.size)
        upload.keep(uploads.path_of(made.pk))
        forget_files(earlier)
    return shown(made)


def show_import(user: Account, import_id: UUID) -> ImportOut:
    return shown(imports.get_import(user, import_id))


def discard_import(user: Account, import_id: UUID) -> None:
    """Delete an import; what it has made stays. Raise Problem 404."""
    with writing(user):
        found = imports.get_import(user, import_id)
        imports.delete_imports([found.pk])
        forget_files([found.pk])


def apply_import(user: Account, import_id: UUID) -> ImportOut:
    """Make all that was found in a checked import, or nothing; raise Problem 404, 409, 503 or 507.

    The rows come beside those that are there.
    """
    with refused_by(collisions()), writing(user):
        found = imports.get_import(user, import_id, locked=True)
        if found.state != ImportState.CHECKED:
            raise Problem(Code.IMPORT_NOT_CHECKED, f"This import is {found.state}.")
        make_rows(user, found)
        uploads.place_contents(found.pk, imports.made_files(found))
        imports.delete_rows(found)
        imports.save(found, state=ImportState.APPLIED)
        forget_files([found.pk])
        return shown(found)


def make_rows(user: Account, found: Import) -> None:
    """Make the rows of all records; the inbox among them takes the place of one that nobody has touched."""
    be_patient()
    takes_inbox = Tally(found.tally).has_inbox and room.is_untouched(user)
    if takes_inbox:
        room.drop_inbox(user)
    for kind in KINDS.values():
        imports.rename_taken(found, kind)
    for kind in KINDS.values():
        require_all(found, kind.name, imports.copy_rows(found, kind, takes_inbox=takes_inbox))
    room.require_room(user)


def require_all(found: Import, kind: str, copied: int) -> None:
    """Raise RuntimeError, which undoes the import, where it would lose anything that the check has seen."""
    expected = found.records.get(kind, {}).get("found", 0)
    if copied != expected:
        raise RuntimeError(f"{copied} of {expected} {kind} could be made")


def collisions() -> dict[str, Problem]:
    taken = Problem(Code.ID_TAKEN, "One of the ids was taken at this very moment. Apply again.")
    return {f"{kind.model._meta.db_table}_pkey": taken for kind in KINDS.values()}


def forget_files(ids: list[UUID]) -> None:
    """Delete files once the transaction has ended well."""
    for import_id in ids:
        transaction.on_commit(partial(uploads.remove_all, import_id), robust=True)


def shown(found: Import) -> ImportOut:
    return ImportOut(
        id=found.pk,
        state=ImportState(found.state),
        size=found.size,
        read=found.place.get("offset", 0),
        records=[RecordCount(kind=kind, **counts) for kind, counts in found.records.items()],
        problem_count=found.problem_count,
        problems=[ImportProblem(**problem) for problem in found.problems],
        sha256=found.sha256 or None,
        created_at=found.created_at,
        expires_at=found.created_at + imports.KEPT_FOR,
    )
