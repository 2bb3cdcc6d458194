"""`docker compose up --detach` alone is enough on a clean clone with a filled .env, and else says what is missing."""

import secrets
from collections.abc import Iterator

import pytest

from tests.cast import Person
from tests.compose.deployment import Deployment

pytestmark = pytest.mark.compose
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "DATABASE_PASSWORD", "REDIS_PASSWORD", "MONITOR_PASSWORD")
UP = ("docker", "compose", "up", "--detach", "--wait")
LOGS = ("docker", "compose", "logs", "--no-log-prefix", "secrets")


@pytest.fixture
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    clone = Deployment(tmp_path_factory.mktemp("plain"), "plain")
    yield clone
    clone.remove()


def fill(clone: Deployment, **values: str) -> dict[str, str]:
    """Write .env as a person would, who copies the example and fills in these and what else there has to be."""
    filled = {name: secrets.token_urlsafe(48) for name in SECRETS} | values
    lines = [f"{name}='{value}'" for name, value in filled.items()]
    example = (clone.folder / ".env.example").read_text()
    (clone.folder / ".env").write_text("\n".join([example, *lines, ""]))
    return filled


def test_with_a_filled_env_everything_comes_up_and_people_sign_up(clone: Deployment) -> None:
    filled = fill(clone)

    result = clone.run(*UP)

    assert result.returncode == 0, result.stderr
    alice = Person("alice", clone.url)
    assert alice.sign_up().status_code == 201
    assert alice.make_todo(alice.make_list())
    containers = clone.compose("ps", "--all", "--quiet").split()
    told = clone.run("docker", "inspect", *containers).stdout
    assert {name: clone.secret(name.lower()).read_text() for name in SECRETS} == filled
    assert not [name for name, value in filled.items() if value in told]
    assert clone.secret("").stat().st_mode & 0o777 == 0o700
    assert clone.secret("secret_key").stat().st_uid == clone.folder.stat().st_uid

    deployed = clone.deploy()

    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert not [name for name, value in filled.items() if value in (clone.folder / ".env").read_text()]
    assert alice.get("/api/lists/").status_code == 200


def test_without_env_it_is_named(clone: Deployment) -> None:
    result = clone.run(*UP)

    assert result.returncode != 0
    assert result.stderr.strip().endswith(f"bind source path does not exist: {clone.folder}/.env")


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        (dict.fromkeys(SECRETS, ""), f"no value in .env for: {' '.join(SECRETS)}; fill them in, or let ./deploy.sh"),
        ({"REDIS_PASSWORD": ""}, "no value in .env for: REDIS_PASSWORD; fill them in"),
        ({"SECRET_KEY": "change-me" * 8}, "SECRET_KEY in .env is a placeholder"),
        ({"POSTGRES_PASSWORD": "postgres"}, "POSTGRES_PASSWORD in .env is shorter than 16 characters"),
    ],
)
def test_what_is_missing_or_could_be_guessed_is_named_and_nothing_begins(
    clone: Deployment, values: dict[str, str], complaint: str
) -> None:
    fill(clone, **values)

    result = clone.run(*UP)

    assert result.returncode != 0
    assert 'service "secrets" didn\'t complete successfully: exit 1' in result.stderr
    assert f"secrets: {complaint}" in clone.run(*LOGS).stdout + clone.run(*LOGS).stderr
    assert not clone.compose("ps", "--quiet")
