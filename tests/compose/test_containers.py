"""What an attacker who got into a container would find: nothing to write to, no privileges and no other's secrets."""

import json
import subprocess
from typing import Any

import pytest

from tests.compose.deployment import Deployment

pytestmark = pytest.mark.compose
NEEDED = {
    "nginx": {"CHOWN", "DAC_OVERRIDE", "KILL", "SETGID", "SETUID"},  # to hand over to the user nginx
    "secrets": {"CHOWN", "DAC_OVERRIDE", "FOWNER"},  # to leave files to the owner of the clone
}
WRITE = "touch /etc/written /usr/written /app/written /written"


@pytest.fixture(scope="module")
def containers(deployment: Deployment) -> dict[str, Any]:
    """Return what Docker tells of each container, by service."""
    ids = deployment.compose("ps", "--all", "--quiet").split()
    told = json.loads(deployment.run("docker", "inspect", *ids).stdout)
    return {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in told}


def try_in(deployment: Deployment, service: str, command: str) -> subprocess.CompletedProcess[str]:
    return deployment.run("docker", "compose", "exec", "-T", service, "sh", "-c", command)


def test_no_container_can_gain_a_privilege_or_take_more_than_its_share(containers: dict[str, Any]) -> None:
    for service, told in containers.items():
        host = told["HostConfig"]
        assert host["ReadonlyRootfs"], service
        assert host["CapDrop"] == ["ALL"], service
        assert {name.removeprefix("CAP_") for name in host["CapAdd"] or []} == NEEDED.get(service, set())
        assert host["SecurityOpt"] == ["no-new-privileges:true"], service
        assert host["PidsLimit"] > 0 < host["Memory"], service


@pytest.mark.parametrize("service", ["app1", "jobs", "db", "redis"])
def test_nothing_but_the_master_of_nginx_runs_as_root(deployment: Deployment, service: str) -> None:
    assert try_in(deployment, service, "id -u").stdout.strip() != "0"


@pytest.mark.parametrize("service", ["nginx", "app1", "jobs", "db", "redis"])
def test_programs_can_not_be_changed(deployment: Deployment, service: str) -> None:
    for path in WRITE.split()[1:]:
        tried = try_in(deployment, service, f"touch {path}")
        assert tried.returncode != 0
        assert "Read-only file system" in tried.stderr or "No such file" in tried.stderr, tried.stderr


def test_only_nginx_is_published(containers: dict[str, Any]) -> None:
    published = [name for name, told in containers.items() if any(told["NetworkSettings"]["Ports"].values())]

    assert published == ["nginx"]


def test_without_tls_one_port_is_open_to_others(containers: dict[str, Any], deployment: Deployment) -> None:
    ports = containers["nginx"]["NetworkSettings"]["Ports"].values()

    addresses = [address for port in ports for address in port or []]

    assert [found["HostPort"] for found in addresses if found["HostIp"] != "127.0.0.1"] == [str(deployment.port)]


def test_the_stores_reach_nobody_outside(deployment: Deployment) -> None:
    network = deployment.run(
        "docker", "network", "inspect", "--format", "{{.Internal}}", f"{deployment.project}_stores"
    )

    assert network.stdout.strip() == "true"


def test_no_secret_is_told_by_docker(deployment: Deployment, containers: dict[str, Any]) -> None:
    told = json.dumps(containers)

    for file in deployment.secret("").glob("*_*"):
        if file.name not in ("email_url", "postgres_certificate"):
            assert json.dumps(file.read_text())[1:-1] not in told, file.name


def test_a_container_has_the_secrets_that_it_needs_and_no_others(deployment: Deployment) -> None:
    app = ["database_password", "email_url", "postgres_certificate", "redis_password", "secret_key"]
    for service, expected in {
        "app1": app,
        "jobs": app,
        "db": ["postgres_certificate", "postgres_key", "postgres_password"],
        "redis": ["monitor_password", "redis_password"],
    }.items():
        assert try_in(deployment, service, "ls /run/secrets").stdout.split() == expected


def test_nobody_but_its_owner_gets_into_the_folder_of_secrets(deployment: Deployment) -> None:
    assert deployment.secret("").stat().st_mode & 0o777 == 0o700
    assert (deployment.folder / ".env").stat().st_mode & 0o777 == 0o600
