"""Redis lets nobody in without a password, whatever became of the files that hold them."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.compose.deployment import CLONE

pytestmark = pytest.mark.compose
NAMES = ("redis_password", "monitor_password")


def start(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Start a command in the place of Redis, with this folder of secrets."""
    mounts = ("--volume", f"{CLONE}/redis:/etc/doable:ro", "--volume", f"{folder}:/run/secrets:ro")
    image = os.environ.get("REDIS_IMAGE", "redis:7-alpine")
    container = ("docker", "run", "--rm", "--network", "none", *mounts, "--entrypoint", "sh", image)
    return subprocess.run(  # noqa: S603 - the commands stand in the tests
        (*container, "/etc/doable/start.sh", *command),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).write_text(f"{name}-of-this-test")
    return tmp_path


def test_with_both_passwords_it_starts(secrets: Path) -> None:
    result = start(secrets, "cat", "/tmp/users.acl")  # noqa: S108 - of the container

    assert result.returncode == 0, result.stderr
    assert result.stdout.count("#") == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("found", ["nothing", "an empty file", "an empty line", "a folder"])
def test_without_a_password_it_does_not_start_and_says_which_is_missing(secrets: Path, name: str, found: str) -> None:
    (secrets / name).unlink()
    if found == "a folder":
        (secrets / name).mkdir()
    elif found != "nothing":
        (secrets / name).write_text("\n" if found == "an empty line" else "")

    result = start(secrets, "echo", "started")

    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"redis: secrets/{name} holds no password")
