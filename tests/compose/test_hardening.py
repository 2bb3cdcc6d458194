"""What docker-compose.yml and docker-compose.monitoring.yml say of every service, and which exceptions there are."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.compose.deployment import Deployment
from tests.compose.test_monitoring import BOTH

pytestmark = pytest.mark.compose

Service = dict[str, Any]
PROPERTIES: dict[str, Callable[[Service], Any]] = {
    "is nobody's root": lambda service: service.get("user", "root").split(":")[0] not in ("root", "0"),
    "can not write to its programs": lambda service: service.get("read_only", False),
    "has no capabilities": lambda service: service["cap_drop"] == ["ALL"] and not service.get("cap_add"),
    "can gain no privileges": lambda service: service["security_opt"] == ["no-new-privileges:true"],
    "has a limit of processes": lambda service: service["pids_limit"] > 0,
    "has a limit of memory": lambda service: int(service["mem_limit"]) > 0,
    "has its share of the processors": lambda service: service["cpu_shares"] > 0,
    "has a health check": lambda service: not service.get("healthcheck", {"disable": True}).get("disable"),
    "has an init process": lambda service: service["init"],
    "has logs that do not grow": lambda service: service["logging"]["options"].keys() == {"max-size", "max-file"},
    "has time to stop": lambda service: service["stop_grace_period"] in ("10s", "30s"),
    "is not published": lambda service: not service.get("ports"),
    "reaches the internal network alone": lambda service: service.get("networks", {}).keys() == {"stores"},
}
EXCEPTIONS = {
    "is nobody's root": {"nginx", "secrets"},  # a master that hands over to another user; what leaves files to another
    "can not write to its programs": {"prometheus"},  # Compose copies a file into it
    "has no capabilities": {"nginx", "secrets"},  # those to hand over; test_containers.py counts them
    # app1, jobs and migrate have it from their image; three end by themselves, and redis-exporter can not be asked.
    "has a health check": {"app1", "migrate", "secrets", "recovery", "redis-exporter"},
    "has an init process": {"node-exporter"},  # it is among the processes of the machine
    "is not published": {"nginx", "prometheus", "grafana"},  # the last two on the machine itself alone
    "reaches the internal network alone": {
        *("nginx", "app1", "jobs", "prometheus", "grafana"),
        *("secrets", "recovery"),  # these reach nobody
    },
}


@pytest.fixture(scope="module")
def services(deployment: Deployment) -> dict[str, Service]:
    """Return what Compose makes of both files."""
    files = (*BOTH, "--profile", "recovery")
    told = deployment.run("docker", "compose", *files, "config", "--format", "json", GRAFANA_PASSWORD="none")
    found: dict[str, Service] = json.loads(told.stdout)["services"]
    return found


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_service_but_those_named(services: dict[str, Service], name: str) -> None:
    lacking = {service for service, told in services.items() if not PROPERTIES[name](told)}

    assert lacking == EXCEPTIONS.get(name, set())


def test_numbers_are_shown_on_the_machine_itself_alone(services: dict[str, Service]) -> None:
    for service in ("prometheus", "grafana"):
        assert {port["host_ip"] for port in services[service]["ports"]} == {"127.0.0.1"}
