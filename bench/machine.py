"""What the figures were made on, in general terms."""

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.load import require_wrk
from local.binaries import Binary

PACKAGES = (
    "Django",
    "djangorestframework",
    "msgspec",
    "psycopg",
    "granian",
    "gunicorn",
    "django-ninja",
    "fastapi",
    "asyncpg",
    "uvicorn",
    "hiredis",
)


def describe(servers: list[Binary]) -> dict[str, str]:
    """Return what matters of this machine, by name."""
    programs = {"Python": platform.python_version()} | {server.name: server.version for server in servers}
    return {
        "processors": str(os.cpu_count()),
        "memory": f"{memory_gib()} GiB",
        "system": f"{platform.system()} {platform.machine()}",
        "programs": listed(programs | {"wrk": wrk_version()}),
        "packages": listed({package: version(package) for package in PACKAGES}),
    }


def listed(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def memory_gib() -> int:
    [kib] = re.findall(r"^MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return round(int(kib) / 1024**2)


def wrk_version() -> str:
    ran = subprocess.run([require_wrk(), "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - as found
    return ran.stdout.split()[1]
