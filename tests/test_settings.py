"""The service starts with a sound environment only, and says of an unsound one all that is wrong, at once."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SOUND = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN",
    "DATABASE_URL": "postgres://doable:hunter2@db/doable",
    "REDIS_URL": "redis://:hunter2@redis:6379/0",
    "PUBLIC_URL": "https://todo.my-house.net",
    "PROFILE": "tls",
}


def manage(**changes: str) -> subprocess.CompletedProcess[str]:
    """Print some settings of a process with this environment."""
    program = (
        "import json, app.config.settings as s; database = s.DATABASES['default'];"
        "stores = [database['PASSWORD'], s.REDIS_URL];"
        "print(json.dumps([database['OPTIONS'], s.ALLOWED_HOSTS, s.SECRET_KEY, stores]))"
    )
    command = (sys.executable, "-c", program)
    environment = {"PATH": os.environ["PATH"]} | SOUND | changes
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603


def settings(**changes: str) -> Any:
    started = manage(**changes)
    assert started.returncode == 0, started.stderr
    return json.loads(started.stdout)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 50),
        ("SECRET_KEY", "please-change-me-0123456789-abcdefghijklmnopqrstuvwxyz"),
        ("DATABASE_URL", "sqlite:///db"),
        ("DATABASE_URL", "postgres://"),
        ("DATABASE_URL", "postgres://doable:hunter2/secret@db/doable"),
        ("DATABASE_URL", "postgres://doable:hunter2@db/doable?isolation_level=4"),
        ("DATABASE_URL", "postgres://doable:hunter2@db/doable?pool=true"),
        ("DATABASE_URL", "postgres://doable:hunter2@db/doable?autocommit=False"),
        ("DATABASE_URL", "postgres://doable:hunter2@db/doable?sslmode=prefer&options=-c%20statement_timeout=0"),
        ("DATABASE_URL", "postgres://doable:hunter2@db/doable?conn_max_age="),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://:hunter2@localhost:abc/0"),
        ("PUBLIC_URL", "todo.my-house.net"),
        ("PUBLIC_URL", "https://*"),
        ("PUBLIC_URL", "https://.my-house.net"),
        ("PUBLIC_URL", "https://user:hunter2@my-house.net"),
        ("PUBLIC_URL", "https://my-house.net:99999"),
        ("PUBLIC_URL", "https://my-house.net/todo"),
        ("PUBLIC_URL", "http://my-house.net"),
        ("PROFILE", "none"),
        ("PROFILE", "http-local"),
        ("REGISTRATION", "maybe"),
        ("RATE_LIMIT_EXEMPT", "10.0.0.0/8"),
        ("RATE_LIMIT_EXEMPT", "10.0.0.1, 10.0.0.2"),
        ("PASSWORD_MIN_LENGTH", "11"),
        ("PASSWORD_MIN_LENGTH", "65"),
        ("PASSWORD_MIN_LENGTH", "twelve"),
        ("BREACHED_PASSWORDS_FILE", "/no/such/file"),
        ("EMAIL_URL", "smtp"),
        ("EMAIL_URL", "smtp:/mail"),
        ("EMAIL_URL", "smtp://user:hunter2@mail:abc"),
    ],
)
def test_an_unsound_value_is_refused_by_its_name_and_never_shown(name: str, value: str) -> None:
    refused = manage(**{name: value})

    assert refused.returncode == 1
    assert f"\n  {name} " in refused.stderr
    assert "hunter2" not in refused.stderr.rpartition("ImproperlyConfigured")[2]


def test_every_fault_is_told_at_once() -> None:
    refused = manage(**dict.fromkeys(SOUND, ""))

    assert [name for name in SOUND if f"  {name} is not set" not in refused.stderr] == []


def test_the_command_line_tells_the_faults_without_a_traceback() -> None:
    environment = {"PATH": os.environ["PATH"]} | SOUND | {"PROFILE": "none"}
    command = (sys.executable, "manage.py", "check")

    refused = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[1:] == ["  PROFILE is not one of: http-local, tls"]


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"
    file.write_text(SOUND["SECRET_KEY"][::-1] + "\n")

    assert settings(SECRET_KEY="", SECRET_KEY_FILE=str(file))[2] == SOUND["SECRET_KEY"][::-1]


def test_a_password_may_stand_apart_from_its_address_and_hold_any_character(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("a/b@c:d%\n")
    apart = {"DATABASE_PASSWORD_FILE": str(file), "REDIS_PASSWORD_FILE": str(file)}

    stores = settings(DATABASE_URL="postgres://doable@db/doable", REDIS_URL="redis://doable@redis:6379/0", **apart)[3]

    assert stores == ["a/b@c:d%", "redis://doable:a%2Fb%40c%3Ad%25@redis:6379/0"]


def test_a_password_in_an_address_comes_first() -> None:
    stores = settings(DATABASE_PASSWORD="another", REDIS_PASSWORD="another")[3]

    assert stores == ["hunter2", SOUND["REDIS_URL"]]


@pytest.mark.parametrize(
    ("url", "profile", "hosts"),
    [
        ("https://todo.my-house.net", "tls", ["todo.my-house.net"]),
        ("http://192.168.1.20:8000", "http-local", ["192.168.1.20"]),
        ("http://[fd00::5]:8000", "http-local", ["[fd00::5]"]),
        ("http://localhost:8000", "http-local", ["localhost", "127.0.0.1", "[::1]"]),
    ],
)
def test_the_public_address_decides_which_hosts_are_answered(url: str, profile: str, hosts: list[str]) -> None:
    assert settings(PUBLIC_URL=url, PROFILE=profile)[1] == hosts


def test_the_url_of_the_database_decides_how_its_server_is_checked() -> None:
    options = settings(DATABASE_URL="postgres://doable:doable@db/doable?sslmode=verify-full&sslrootcert=/ca.pem")[0]

    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", "/ca.pem")
    assert "statement_timeout=5s" in options["options"]
