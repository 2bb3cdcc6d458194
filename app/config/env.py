"""Typed readers of the environment that collect every fault before the start is refused.

Each variable ``NAME`` may come from a file instead, named by ``NAME_FILE`` (django-environ).
"""

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from redis import ConnectionPool

T = TypeVar("T")

PLACEHOLDERS = ("change", "placeholder", "example", "insecure")
PUBLIC_URL = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE
)
LAST_PORT = 65535
DATABASE_OPTIONS = ("assume_role", "channel_binding", "target_session_attrs")  # of an address, beside ssl…
MISSING = "is not set (.env.example says what it is)"


class Environment:
    """Reads variables; ``refuse_if_faulty`` names all that were missing, malformed or unsafe at once."""

    def __init__(self) -> None:
        self._env = environ.FileAwareEnv()
        self._faults: dict[str, str] = {}

    def read(self, name: str, parse: Callable[[str], T], stand_in: T, default: str | None = None) -> T:
        """Return the parsed value; after a fault the stand-in, so that the next variables are read too.

        ``parse`` raises ValueError with a sentence that says what is expected.
        """
        try:
            return parse(self._raw(name, default))
        except ValueError as fault:
            self._faults[name] = str(fault)
            return stand_in

    def _raw(self, name: str, default: str | None) -> str:
        """Return what is set; a variable that is set to nothing counts as not set."""
        try:
            value = self._env.str(name, default="").strip() or default
        except (OSError, UnicodeDecodeError) as fault:
            raise ValueError(f"can't be read from its file: {fault}") from fault
        if value is None:
            raise ValueError(MISSING)
        return str(value)

    def text(self, name: str, default: str) -> str:
        return self.read(name, str, "", default)

    def folder(self, name: str, default: Path) -> Path:
        return self.read(name, Path, default, str(default))

    def choice(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        def parse(value: str) -> str:
            if value not in choices:
                raise ValueError(f"is not one of: {', '.join(choices)}")
            return value

        return self.read(name, parse, choices[0], default)

    def number(self, name: str, least: int, most: int, default: int) -> int:
        def parse(value: str) -> int:
            if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
                raise ValueError(f"is not a number from {least} to {most}")
            return int(value)

        return self.read(name, parse, default, str(default))

    def file(self, name: str, check: Callable[[Path], None]) -> Path | None:
        """Return the path of a file that ``check`` does not refuse (by ValueError), None where none is named."""

        def parse(value: str) -> Path | None:
            path = Path(value) if value else None
            if path:
                check(path)
            return path

        return self.read(name, parse, None, "")

    def secret(self, name: str, length: int) -> str:
        """Return a secret of at least ``length`` characters that is no placeholder."""

        def parse(value: str) -> str:
            if len(value) < length:
                raise ValueError(f"is shorter than {length} characters (try: openssl rand -base64 48)")
            if len(set(value)) < length // 5 or any(word in value.lower() for word in PLACEHOLDERS):
                raise ValueError("is a placeholder (try: openssl rand -base64 48)")
            return value

        return self.read(name, parse, "", None)

    def address(self, name: str) -> SplitResult:
        """Return an http(s) address without a path, as people type it."""
        return self.read(name, parse_address, urlsplit("http://localhost"), None)

    def client_addresses(self, name: str) -> tuple[str, ...]:
        """Return single IP addresses, in the spelling of ``common.clientip``; none where the variable is not set."""

        def parse(value: str) -> tuple[str, ...]:
            try:
                return tuple(str(ipaddress.ip_address(word)) for word in value.split())
            except ValueError:
                raise ValueError("is not a list of single IP addresses, separated by spaces") from None

        return self.read(name, parse, (), "")

    def database(self, name: str, password: str) -> dict[str, Any]:
        """Return what Django makes of an address; the password is for one that holds none."""

        def parse(value: str) -> dict[str, Any]:
            expected = "is not of the form postgres://user:password@host:port/name"
            if not value.startswith(("postgres://", "postgresql://")):
                raise ValueError(expected)
            try:
                found = dict(self._env.db_url_config(value))
            except ValueError:
                raise ValueError(expected) from None  # its own words may hold a part of the password
            if not found["NAME"]:
                raise ValueError(expected)
            asked = parse_qs(urlsplit(value).query, keep_blank_values=True)
            if not all(name.startswith("ssl") or name in DATABASE_OPTIONS for name in asked):
                raise ValueError(f"has other options than ssl… and {', '.join(DATABASE_OPTIONS)}; the rest is settled")
            return found | {"PASSWORD": found["PASSWORD"] or password}

        return self.read(name, parse, {}, None)

    def redis(self, name: str, password: str) -> str:
        """Return an address; the password is for one that holds none."""

        def parse(value: str) -> str:
            try:
                ConnectionPool.from_url(value)
                parts = urlsplit(value)
                user, _, host = parts.netloc.rpartition("@")
            except ValueError:
                raise ValueError("is not of the form redis://:password@host:port/0") from None
            if not password or parts.password is not None:
                return value
            return parts._replace(netloc=f"{user}:{quote(password, safe='')}@{host}").geturl()

        return self.read(name, parse, "", None)

    def mail(self, name: str, default: str) -> dict[str, Any]:
        def parse(value: str) -> dict[str, Any]:
            expected = "is not of the form smtp+tls://user:password@host:port"
            try:
                found = dict(self._env.email_url_config(value))
            except (KeyError, ValueError, environ.ImproperlyConfigured):
                raise ValueError(expected) from None
            if found["EMAIL_BACKEND"].endswith(".smtp.EmailBackend") and not found["EMAIL_HOST"]:
                raise ValueError(expected)
            return found

        return self.read(name, parse, {}, default)

    def forbid(self, name: str, *, when: bool, because: str) -> None:
        """Record a fault that only several variables together show."""
        if when and name not in self._faults:
            self._faults[name] = because

    def refuse_if_faulty(self) -> None:
        """Raise ImproperlyConfigured with one line for each fault."""
        if self._faults:
            lines = "\n".join(f"  {name} {fault}" for name, fault in self._faults.items())
            raise ImproperlyConfigured(f"Doable can't start. These variables need a look:\n{lines}")


def parse_address(value: str) -> SplitResult:
    found = PUBLIC_URL.fullmatch(value.rstrip("/"))
    if not found or int(found["port"] or 0) > LAST_PORT:
        raise ValueError("is not of the form https://todo.my-house.net or http://localhost:8000")
    return urlsplit(found[0])


def is_private(host: str) -> bool:
    """Tell whether a host name can only mean this machine or its local network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa"))


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
