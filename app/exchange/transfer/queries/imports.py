"""The rows of imports and of the records found in them."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils import timezone
from uuid_utils.compat import uuid7

from app.accounts.serializers import Account
from app.common.errors import Code, Problem
from app.common.statements import be_patient
from app.exchange.transfer.kinds import Kind, of_referred
from app.exchange.transfer.models import Import, ImportRow, ImportState

KEPT_FOR = timedelta(days=1)
FIRST_PAUSE = timedelta(seconds=1)  # after a step that fails; the next is twice as long
MOST_ATTEMPTS = 8  # at one step, within some four minutes
WAITING = (ImportState.UPLOADED, ImportState.CHECKING)
OPEN = (*WAITING, ImportState.CHECKED)
COPY = "COPY core_import_row (source_id, kind, record_id, target_id, data, digest) FROM STDIN"
MADE_FILES = """
SELECT record.record_id, made.file FROM core_import_row AS record JOIN core_attachment AS made ON made.id = target_id
WHERE source_id = %s AND kind = 'attachments'
"""


def replace_import(user: Account, size: int) -> tuple[Import, list[UUID]]:
    """Store a new import in the place of the user's earlier ones, and return the ids of those."""
    earlier = Import.objects.filter(user_id=user.id)
    ids = list(earlier.values_list("pk", flat=True))
    if ids:
        delete_imports(ids)
    return Import.objects.create(user_id=user.id, size=size), ids


def get_import(user: Account, import_id: UUID, *, locked: bool = False) -> Import:
    """Return the import; raise Problem (404), the same for a foreign, a missing and an old one.

    At will nobody can change it until the end of the transaction.
    """
    rows = Import.objects.filter(user_id=user.id, pk=import_id, created_at__gt=timezone.now() - KEPT_FOR)
    found = (rows.select_for_update() if locked else rows).first()
    if found is None:
        raise Problem(Code.NOT_FOUND, "There is no such import.")
    return found


@transaction.atomic
def claim_next() -> UUID | None:
    """Take the import whose step has been due longest, and let it be due again later in case that step fails."""
    now = timezone.now()
    due = Import.objects.filter(state__in=WAITING, due_at__lte=now).order_by("due_at")
    found = due.select_for_update(skip_locked=True).first()
    if found is None:
        return None
    found.due_at = now + FIRST_PAUSE * 2**found.attempts
    found.attempts += 1
    found.save(update_fields=["due_at", "attempts"])
    return found.pk


def lock_waiting(import_id: UUID) -> Import | None:
    """Lock an import that is still to be checked; None where it is not, or somebody is changing it at this moment."""
    waiting = Import.objects.filter(pk=import_id, state__in=WAITING)
    return waiting.select_for_update(skip_locked=True).first()


def count_waiting() -> int:
    """Count the imports that wait to be checked, or are being checked."""
    return Import.objects.filter(state__in=WAITING).count()


def is_given_up(source: Import) -> bool:
    """Tell whether a step has been tried in vain so often that it is not tried again."""
    return source.attempts > MOST_ATTEMPTS


def delete_imports(ids: Iterable[UUID]) -> None:
    """Delete imports; the database deletes their records, of which there may be millions."""
    be_patient()
    Import.objects.filter(pk__in=list(ids))._raw_delete("default")  # noqa: SLF001 - the public one would look for rows in Python


def delete_old_imports() -> int:
    """Delete the imports of more than a day ago; return how many."""
    be_patient()
    old = Import.objects.filter(created_at__lte=timezone.now() - KEPT_FOR)
    return old._raw_delete("default")  # noqa: SLF001 - as above


def awaited_files() -> list[UUID]:
    """Return the imports whose files are still needed."""
    return list(Import.objects.filter(state__in=OPEN).values_list("pk", flat=True))


# --- the records of one import --------------------------------------------------------------------


def rows_of(source: Import, kind: str, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return which of these records are there already, with their digests."""
    rows = ImportRow.objects.filter(source=source, kind=kind, record_id__in=list(ids))
    return {record_id: bytes(digest) for record_id, digest in rows.values_list("record_id", "digest")}


def free_ids(kind: Kind, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return for each id itself if no row of anybody has it, else a new one."""
    asked = list(ids)
    taken = set(kind.model.objects.filter(pk__in=asked).values_list("pk", flat=True))
    return {one: uuid7() if one in taken else one for one in asked}


def insert_rows(rows: Iterable[ImportRow]) -> None:
    """Store records, by COPY: it takes a third of what the ORM would."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(COPY) as copy:
        for row in rows:
            data = msgspec.json.encode(row.data).decode()
            copy.write_row((row.source_id, row.kind, row.record_id, row.target_id, data, row.digest))


def rename_taken(source: Import, kind: Kind) -> int:
    """Give a new id to each record whose id somebody has taken since the check; return how many there were."""
    taken: Any = kind.model.objects.values("pk")
    rows = list(ImportRow.objects.filter(source=source, kind=kind.name, target_id__in=taken).only("pk"))
    for row in rows:
        row.target_id = uuid7()
    ImportRow.objects.bulk_update(rows, ["target_id"], batch_size=1000)
    return len(rows)


def copy_rows(source: Import, kind: Kind, *, takes_inbox: bool) -> int:
    """Make the rows of the user out of an import's records of a kind, by one statement; return how many."""
    given: dict[str, Any] = {"source": source.pk, "user": source.user_id, "kind": kind.name, "takes_inbox": takes_inbox}
    with connection.cursor() as cursor:
        cursor.execute(copying(kind), given)
        return int(cursor.rowcount)


def copying(kind: Kind) -> str:
    columns = {name: f"made.{name}" for name in kind.members}
    columns |= {"id": "record.target_id", "user_id": "%(user)s"}
    columns |= {name: of_referred(name, other, "target_id") for name, other in kind.references.items()}
    columns |= kind.derived
    table = kind.model._meta.db_table
    return f"""
    INSERT INTO {table} ({", ".join(columns)})
    SELECT {", ".join(columns.values())}
    FROM core_import_row AS record CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, record.data) AS made
    WHERE record.source_id = %(source)s AND record.kind = %(kind)s
    """  # noqa: S608 - names of our own


def made_files(source: Import) -> Iterator[tuple[UUID, str]]:
    """Yield of each attachment that was made its id in the import, and the name of the file that its row names."""
    with connection.cursor() as cursor:
        cursor.execute(MADE_FILES, [source.pk])
        yield from cursor.fetchall()


def delete_rows(source: Import) -> None:
    ImportRow.objects.filter(source=source)._raw_delete("default")  # noqa: SLF001 - as above


def save(source: Import, **changes: Any) -> None:
    """Store what has become of an import; its next step is due now."""
    changes |= {"attempts": 0, "due_at": timezone.now()}
    for name, value in changes.items():
        setattr(source, name, value)
    source.save(update_fields=[*changes])
