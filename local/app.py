"""The app under granian, as in its container: the database and static files first, then the server."""

import os
import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from local.child import Task
from local.choices import CLONE
from local.environment import with_inherited
from local.fault import Fault
from local.folder import Folder
from local.server import Server

GRANIAN = Path(sys.executable).with_name("granian")
DEFAULTS = {
    "GRANIAN_WORKERS": str(min(2, os.cpu_count() or 1)),
    "GRANIAN_BLOCKING_THREADS": "4",
    "GRANIAN_RESPAWN_FAILED_WORKERS": "true",
}


def prepare(folder: Folder, variables: Mapping[str, str], preparing: Mapping[str, str]) -> None:
    """Prepare the database, with other variables than the app has, and collect the static files.

    Raise Fault with Django's own words.
    """
    tasks = (
        _manage(folder, {**variables, **preparing}, "prepare_database"),
        _manage(folder, variables, "collectstatic", "--no-input"),
    )
    for task in tasks:
        task.finish()


def _manage(folder: Folder, variables: Mapping[str, str], name: str, *options: str) -> Task:
    command = (sys.executable, str(CLONE / "manage.py"), name, *options)
    return Task(f"manage.py {name}", command, environment(variables), folder.root / "logs" / f"{name}.log")


def refuse_without_packages() -> None:
    """Raise Fault where this Python isn't the one of the virtual environment."""
    if not GRANIAN.exists():
        raise Fault(f"granian is not installed for {sys.executable}; start with `make run`, which installs it")


def socket_path(folder: Folder) -> Path:
    return folder.sockets / "app.sock"


def server(variables: Mapping[str, str], address: Path) -> Server:
    """Listen on a socket and not on a port, where any user of this machine could get past nginx."""
    address.unlink(missing_ok=True)  # a killed run has left its own
    granian = {name: os.environ.get(name) or value for name, value in DEFAULTS.items()}
    granian |= {"GRANIAN_UDS": str(address), "GRANIAN_UDS_PERMISSIONS": "0600"}
    granian["PROMETHEUS_MULTIPROC_DIR"] = str(_empty_folder(address.with_name("metrics")))
    return Server(
        name="app",
        command=(GRANIAN, "--interface", "wsgi", "app.config.wsgi:application"),
        environment=environment({**variables, **granian}),
        is_ready=lambda: _accepts_connections(address),
    )


def _empty_folder(path: Path) -> Path:
    """Make a folder in which each process counts in files of its own, from nothing with each start."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    return path


def _accepts_connections(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(address)) == 0


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that writes nothing into the clone, which may be another user's."""
    return with_inherited({**variables, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"})
