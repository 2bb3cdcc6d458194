"""`docker compose up --detach` alone is enough on a clean clone with a filled .env, and else says what is missing."""

import json
import secrets
from collections.abc import Iterator

import pytest

from tests.cast import Person, created
from tests.compose.deployment import Deployment

pytestmark = pytest.mark.compose
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "DATABASE_PASSWORD", "REDIS_PASSWORD", "MONITOR_PASSWORD")
UP = ("docker", "compose", "up", "--detach", "--wait")
WITH_MONITORING = ("docker", "compose", "--file", "docker-compose.yml", "--file", "docker-compose.monitoring.yml")
EXPORTERS = ("postgres-exporter", "redis-exporter")
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
    env = clone.folder / ".env"
    env.touch(mode=0o600)
    env.write_text("\n".join([example, *lines, ""]))
    return filled


def test_with_a_filled_env_everything_comes_up_and_people_sign_up(clone: Deployment) -> None:
    filled = fill(clone)

    result = clone.run(*UP)

    assert result.returncode == 0, result.stderr
    alice = Person("alice", clone.url)
    created(alice.sign_up())
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
        ({"REDIS_PASSWORD": "0123456789 #abcdef"}, "REDIS_PASSWORD in .env holds a blank, a quote, a # or a backslash"),
        ({"REDIS_PASSWORD": "0123456789\\'abcdef"}, "REDIS_PASSWORD in .env holds a blank, a quote"),
        ({"MONITOR_PASSWORD": '0123456789"abcdef'}, "MONITOR_PASSWORD in .env holds a blank, a quote"),
        ({"EMAIL_URL": "smtp+tls://me:#@mail.example.org"}, "EMAIL_URL in .env holds a blank, a quote"),
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


def test_a_secret_in_an_env_that_others_can_read_is_refused(clone: Deployment) -> None:
    fill(clone)
    (clone.folder / ".env").chmod(0o644)

    result = clone.run(*UP)

    assert result.returncode != 0
    told = clone.run(*LOGS)
    assert "secrets: SECRET_KEY is in .env, which others can read; chmod 600 .env" in told.stdout + told.stderr
    assert not clone.secret("secret_key").exists()


def test_an_indented_secret_counts_and_is_moved(clone: Deployment) -> None:
    value = secrets.token_urlsafe(48)
    fill(clone, REDIS_PASSWORD="")
    with (clone.folder / ".env").open("a") as env:
        env.write(f'  export REDIS_PASSWORD = "{value}" # of Redis\n')

    result = clone.run("./deploy.sh", "--prepare")

    assert result.returncode == 0, result.stderr
    assert clone.secret("redis_password").read_text() == value
    assert value not in (clone.folder / ".env").read_text()


def test_a_refused_secret_stays_in_env(clone: Deployment) -> None:
    fill(clone, REDIS_PASSWORD="0123456789 #abcdef")

    result = clone.run("./deploy.sh", "--prepare")

    assert result.returncode == 1
    assert "secrets: REDIS_PASSWORD in .env holds a blank" in result.stderr
    assert "REDIS_PASSWORD='0123456789 #abcdef'\n" in (clone.folder / ".env").read_text()


def test_another_password_of_the_superuser_does_not_take_the_place_of_the_right_one(clone: Deployment) -> None:
    right = fill(clone)["POSTGRES_PASSWORD"]
    assert clone.run("./deploy.sh", "--prepare").returncode == 0
    fill(clone)

    result = clone.run("docker", "compose", "run", "--rm", "-T", "secrets")

    assert result.returncode == 1
    assert "secrets: POSTGRES_PASSWORD in .env is another than in secrets/postgres_password" in result.stderr
    assert clone.secret("postgres_password").read_text() == right


def test_the_exporters_of_the_monitoring_wait_for_their_passwords(clone: Deployment) -> None:
    told = clone.run(*WITH_MONITORING, "config", "--format", "json", GRAFANA_PASSWORD="drawn-by-nobody")
    services = json.loads(told.stdout)["services"]
    clone.require_images(*(services[name]["image"] for name in EXPORTERS))
    fill(clone, GRAFANA_PASSWORD="drawn-by-nobody")

    result = clone.run(*WITH_MONITORING, "up", "--detach", *EXPORTERS)
    clone.run(*WITH_MONITORING, "down", "--volumes")

    assert result.returncode == 0, result.stderr
    assert clone.secret("monitor_password").is_file()
    assert clone.secret("redis_exporter").is_file()
