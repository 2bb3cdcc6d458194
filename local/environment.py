"""The variables that the app, nginx and the commands of `exec` are given."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from local.folder import Folder

# PostgreSQL, Redis and nginx need nothing of the person's own environment.
MINIMAL = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True)
class Addresses:
    """Where the servers of one run listen."""

    database: str
    redis: str
    app: Path
    port: int

    @property
    def local(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def app_variables(folder: Folder, addresses: Addresses, secret_key: str) -> dict[str, str]:
    """Return the variables of the app alone: what the person has set wins over a default, not over a fact."""
    defaults = {
        "PUBLIC_URL": f"http://localhost:{addresses.port}",
        "PROFILE": "http-local",
        "EMAIL_URL": f"filemail:///{quote(str(folder.subfolder('mail')))}",
    }
    facts = {
        "SECRET_KEY": secret_key,
        "DATABASE_URL": addresses.database,
        "REDIS_URL": addresses.redis,
        "STATIC_ROOT": str(folder.subfolder("static")),
        "MEDIA_ROOT": str(folder.subfolder("media")),
        "DOABLE_URL": addresses.local,
        "DOABLE_DATA": str(folder.root),
    }
    return {name: _chosen(name, default) for name, default in defaults.items()} | facts


def _chosen(name: str, default: str) -> str:
    if file := os.environ.get(f"{name}_FILE"):
        return Path(file).read_text().strip()
    return os.environ.get(name) or default


def with_inherited(variables: Mapping[str, str]) -> dict[str, str]:
    """Return our own environment with these variables, and without a NAME_FILE that contradicts one."""
    covered = {*variables, *(f"{name}_FILE" for name in variables)}
    return {name: value for name, value in os.environ.items() if name not in covered} | dict(variables)


def nginx_variables(folder: Folder, addresses: Addresses) -> dict[str, str]:
    """Return what the templates of nginx ask for."""
    operators = ("127.0.0.1", *os.environ.get("OPERATOR_ADDRESSES", "::1").split())
    return {
        "PROFILE": "http-local",  # nginx speaks plain http here; with tls, a proxy in front of it does the rest
        "NGINX_LISTEN": f"127.0.0.1:{addresses.port}",
        "APP_ADDRESS": f"unix:{addresses.app}",
        "STATIC_ROOT": str(folder.plain / "static"),
        "MEDIA_ROOT": str(folder.plain / "media"),
        "WEB_ROOT": str(folder.plain / "nginx" / "web"),
        "RATE_LIMIT_EXEMPT": os.environ.get("RATE_LIMIT_EXEMPT", ""),
        "TRUSTED_PROXIES": os.environ.get("TRUSTED_PROXIES", ""),
        # The supervisor asks nginx itself whether all is ready, so this machine always belongs to them.
        "OPERATOR_ADDRESSES": " ".join(dict.fromkeys(operators)),
    }
