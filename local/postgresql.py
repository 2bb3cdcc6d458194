"""PostgreSQL on a Unix socket in the data folder, without any TCP port."""

import shutil
import signal
from pathlib import Path
from urllib.parse import quote

from local.binaries import Binary
from local.child import Task
from local.credentials import Credentials
from local.environment import MINIMAL
from local.fault import Fault
from local.folder import Folder
from local.server import Server

FIRST_WITH_BUILTIN_LOCALE = 17
CARELESS = {"fsync": "off", "full_page_writes": "off"}  # for data that nobody wants after a crash
SUPERUSER = "postgres"
READY_LINE = 7  # of postmaster.pid, counted from 0; pg_ctl looks at the same line


def data_major(folder: Folder) -> int | None:
    """Return the major version of the PostgreSQL that made the data, None where there is none yet."""
    version = folder.root / "postgresql" / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def database_url(folder: Folder, role: str, password: str) -> str:
    return f"postgres://{role}:{quote(password)}@/{folder.sockets}/doable"


def preparing_variables(folder: Folder, credentials: Credentials) -> dict[str, str]:
    """Return what `manage.py prepare_database` is told, as the service `migrate` is, beside the app's variables."""
    url = database_url(folder, SUPERUSER, credentials.superuser_password)
    return {
        "DATABASE_URL": f"{url}?assume_role=doable_owner",
        "APP_DATABASE_PASSWORD": credentials.database_password,
    }


def prepare(folder: Folder, binary: Binary, superuser_password: str, *, is_fresh: bool) -> None:
    """Make a cluster where there is none; an interrupted attempt leaves nothing that looks like one."""
    data = folder.root / "postgresql"
    if data.exists():
        forget_crash(folder)
        return
    draft = folder.root / "postgresql.new"
    shutil.rmtree(draft, ignore_errors=True)
    log = folder.subfolder("logs") / "initdb.log"
    password_file = folder.root / "run" / "password"
    password_file.touch(mode=0o600)
    password_file.write_text(superuser_password)
    careless = ("--no-sync",) if is_fresh else ()
    Task("initdb", (*_initdb(binary, draft, password_file), *careless), MINIMAL, log).finish()
    password_file.unlink()
    draft.rename(data)


def _initdb(binary: Binary, data: Path, password_file: Path) -> tuple[str | Path, ...]:
    builtin = ("--locale-provider=builtin",) if binary.major >= FIRST_WITH_BUILTIN_LOCALE else ()
    return (
        binary.path.with_name("initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--data-checksums",
        *builtin,
    )


def forget_crash(folder: Folder) -> None:
    """Remove what tells of a server that a crash has ended; its process number may be another program's by now.

    The folder's lock says that none of ours is running. Raise Fault where somebody has started one by hand.
    """
    pid_file = folder.root / "postgresql" / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = pid_file.read_text().partition("\n")[0]
    if _working_folder(pid) == pid_file.parent.resolve():
        raise Fault(f"PostgreSQL runs on DATA={folder.root} already, as process {pid}; stop it")
    for remains in (pid_file, *folder.sockets.glob(".s.PGSQL.*")):
        remains.unlink()


def _working_folder(pid: str) -> Path | None:
    """Return where a process works, which is its data for PostgreSQL; a dead or foreign one works nowhere for us."""
    try:
        return Path("/proc", pid, "cwd").readlink()
    except OSError:
        return None


def server(folder: Folder, binary: Binary, *, is_fresh: bool) -> Server:
    data = folder.root / "postgresql"
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder.sockets,
        "unix_socket_permissions": "0700",
        **(CARELESS if is_fresh else {}),
    }
    options = [f"--{name}={value}" for name, value in settings.items()]
    return Server(
        name="PostgreSQL",
        command=(binary.path, "-D", data, *options),
        environment=MINIMAL,
        is_ready=lambda: _is_ready(data),
        stop_signal=signal.SIGINT,  # its fast shutdown: open transactions are rolled back
    )


def _is_ready(data: Path) -> bool:
    pid_file = data / "postmaster.pid"
    lines = pid_file.read_text().splitlines() if pid_file.exists() else []
    return len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"
