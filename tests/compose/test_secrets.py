"""./deploy.sh makes secrets once, keeps them, and refuses those that could be guessed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.waiting import wait_until
from tests.compose.deployment import Deployment

START_DEADLINE = 60  # seconds
pytestmark = pytest.mark.compose


@contextmanager
def secret_set_to(deployment: Deployment, name: str, value: str | None) -> Iterator[None]:
    """Put another value, or none, into the place of a secret for a while; the file that was there comes back."""
    file = deployment.secret(name)
    aside = file.rename(deployment.folder / name)
    if value is not None:
        file.write_text(value)
    try:
        yield
    finally:
        aside.rename(file)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("redis_password", "0123456789abcde", "REDIS_PASSWORD in secrets/redis_password is shorter than 16 characters"),
        ("secret_key", "0123456789abcdef" * 3, "SECRET_KEY in secrets/secret_key is shorter than 50 characters"),
        ("database_password", "please-ChangeMe-now", "DATABASE_PASSWORD in secrets/database_password is a placeholder"),
        ("postgres_password", "a" * 64, "POSTGRES_PASSWORD in secrets/postgres_password is a placeholder"),
    ],
)
def test_a_secret_that_can_be_guessed_is_refused(deployment: Deployment, name: str, value: str, complaint: str) -> None:
    with secret_set_to(deployment, name, value):
        result = deployment.deploy()

    assert result.returncode == 1
    assert f"secrets: {complaint}\n" in result.stderr


def test_a_lost_password_of_the_superuser_is_not_replaced_by_a_wrong_one(deployment: Deployment) -> None:
    with secret_set_to(deployment, "postgres_password", None):
        result = deployment.deploy()

    assert result.returncode == 1
    assert "POSTGRES_PASSWORD is missing, but the database in the volume" in result.stderr


def test_a_wrong_password_of_the_superuser_is_named_as_the_reason(deployment: Deployment) -> None:
    with secret_set_to(deployment, "postgres_password", "0123456789abcdef" * 4):
        result = deployment.run("docker", "compose", "run", "--rm", "-T", "migrate")

    assert result.returncode == 1
    assert 'password authentication failed for user "postgres"' in result.stderr.splitlines()[-1]


def test_a_new_password_of_the_application_reaches_the_database(deployment: Deployment) -> None:
    with secret_set_to(deployment, "database_password", "fedcba9876543210" * 4):
        before = deployment.psql("SELECT 1")
        deployment.compose("run", "--rm", "-T", "migrate")
        after = deployment.psql("SELECT 1")
    deployment.compose("run", "--rm", "-T", "migrate")

    assert "password authentication failed" in before.stderr
    assert after.stdout == "1\n"
    assert deployment.psql("SELECT 1").stdout == "1\n"


def test_what_a_killed_run_has_left_is_removed(deployment: Deployment) -> None:
    remains = deployment.secret(".new-abcdef")
    remains.write_text("a secret, half of the way")

    deployment.compose("run", "--rm", "-T", "secrets")

    assert not remains.exists()


def test_nobody_sees_secrets_on_their_way_into_the_files(tmp_path: Path) -> None:
    """The receiver stands still here, as if it were killed, so that Docker can be asked meanwhile."""
    clone = Deployment(tmp_path, "handing")
    (clone.folder / "deploy" / "keep_secrets.sh").write_text("exec sleep infinity\n")
    running = ("ps", "--quiet", "--filter", f"label=com.docker.compose.project={clone.project}")
    value = "0123456789abcdef" * 4

    with ThreadPoolExecutor(1) as aside:
        try:
            deploying = aside.submit(clone.run, "./deploy.sh", "--prepare", REDIS_PASSWORD=value)
            wait_until(lambda: bool(clone.docker(*running)), START_DEADLINE, "the service secrets does not start")
            told = clone.docker("inspect", clone.docker(*running).strip())
        finally:
            clone.run("docker", "kill", clone.docker(*running).strip())
            made = deploying.result()
            clone.remove()

    assert value not in told
    assert "REDIS_PASSWORD" not in told
    assert "made a fresh SECRET_KEY" in made.stderr
    assert made.returncode == 1
