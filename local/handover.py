"""What becomes of a folder of an earlier release, in which the application connected as PostgreSQL's superuser."""

from dataclasses import replace

from local import postgresql
from local.binaries import Binary
from local.child import Task
from local.credentials import Credentials, new_password
from local.environment import MINIMAL
from local.folder import Folder
from local.postgresql import SUPERUSER

# On one line, as single-user mode reads it. Nobody can be renamed by themselves, so somebody else is there meanwhile.
RENAME = (
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'doable' AND rolsuper) THEN "
    "CREATE ROLE meanwhile SUPERUSER; SET SESSION AUTHORIZATION meanwhile; "
    f"ALTER ROLE doable RENAME TO {SUPERUSER}; SET SESSION AUTHORIZATION {SUPERUSER}; DROP ROLE meanwhile; "
    "END IF; END $$\n"
)


def credentials(folder: Folder, binary: Binary) -> Credentials:
    """Return the folder's secrets. In a folder of an earlier release, the superuser gets a name of its own first.

    It keeps the password; the application gets another, and db/roles.sql its role. Broken off, this is done again.
    """
    found = Credentials.of(folder)
    if found.superuser_password:
        return found
    if postgresql.data_major(folder):
        _rename_superuser(folder, binary)
    made = replace(found, superuser_password=found.database_password, database_password=new_password())
    made.keep_in(folder)
    return made


def _rename_superuser(folder: Folder, binary: Binary) -> None:
    """Do it in single-user mode, which needs no client program and no password."""
    postgresql.forget_crash(folder)
    single = (binary.path, "--single", "-D", folder.root / "postgresql", "-c", "exit_on_error=on", "postgres")
    log = folder.subfolder("logs") / "handover.log"
    Task("renaming the superuser", single, MINIMAL, log, text=RENAME).finish()
