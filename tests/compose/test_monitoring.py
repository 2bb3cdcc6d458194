"""What docker-compose.monitoring.yml puts beside the service."""

import json
from collections.abc import Iterator

import pytest
import requests

from local.waiting import wait_until
from tests.compose.deployment import Deployment, free_port

pytestmark = pytest.mark.compose
BOTH = ("--file", "docker-compose.yml", "--file", "docker-compose.monitoring.yml")
WATCHERS = ("prometheus", "node-exporter", "postgres-exporter", "redis-exporter")
IMAGES = ("prom/prometheus", "prom/node-exporter", "prometheuscommunity/postgres-exporter", "oliver006/redis_exporter")
FIRST_READINGS = 60  # seconds


@pytest.fixture(scope="module")
def prometheus(deployment: Deployment) -> Iterator[str]:
    """Start all but Grafana, which only draws, and yield the address of Prometheus."""
    deployment.require_images(*IMAGES)
    port = free_port()
    with (deployment.folder / ".env").open("a") as env:
        env.write(f"GRAFANA_PASSWORD=drawn-by-nobody\nPROMETHEUS_PORT={port}\n")
    try:
        deployment.compose(*BOTH, "up", "--detach", *WATCHERS)
        yield f"http://127.0.0.1:{port}"
    finally:
        deployment.compose(*BOTH, "rm", "--stop", "--force", *WATCHERS)
        for kind, name in (("volume", "prometheus_data"), ("volume", "grafana_data"), ("network", "monitoring")):
            deployment.run("docker", kind, "rm", f"{deployment.project}_{name}")


def ask(prometheus: str, query: str) -> dict[str, float]:
    """Return the value of each series, by its labels."""
    answer = requests.get(f"{prometheus}/api/v1/query", params={"query": query}, timeout=10).json()
    return {json.dumps(found["metric"]): float(found["value"][1]) for found in answer["data"]["result"]}


def targets(prometheus: str) -> dict[str, str]:
    try:
        found = requests.get(f"{prometheus}/api/v1/targets", timeout=10).json()["data"]["activeTargets"]
    except requests.RequestException:  # not there yet
        return {}
    return {target["labels"]["job"]: target["health"] for target in found}


def test_prometheus_reaches_the_application_and_every_exporter(prometheus: str) -> None:
    everybody = dict.fromkeys(("doable", "node", "postgresql", "redis"), "up")

    wait_until(lambda: targets(prometheus) == everybody, FIRST_READINGS, "somebody is not reached")

    assert ask(prometheus, "doable_database_up == 1 and on () pg_up == 1 and on () redis_up == 1")
    assert ask(prometheus, "sum(node_memory_MemTotal_bytes) > 0")
    assert ask(prometheus, 'sum(doable_request_seconds_count{route="health/live/"}) > 0')


def test_the_rules_of_the_alerts_are_all_known(prometheus: str) -> None:
    wait_until(lambda: bool(targets(prometheus)), FIRST_READINGS, "prometheus does not answer")

    groups = requests.get(f"{prometheus}/api/v1/rules", timeout=10).json()["data"]["groups"]

    assert {group["name"] for group in groups} == {"service", "stores", "jobs", "machine"}
    assert {rule["health"] for group in groups for rule in group["rules"]} <= {"ok", "unknown"}  # not asked yet


@pytest.mark.usefixtures("prometheus")
@pytest.mark.parametrize("service", ["prometheus", "node-exporter", "postgres-exporter"])
def test_the_health_check_finds_it_well(deployment: Deployment, service: str) -> None:
    told = json.loads(deployment.compose(*BOTH, "config", "--format", "json"))["services"][service]
    look = ("docker", "compose", *BOTH, "exec", "-T", service, "sh", "-c", told["healthcheck"]["test"][1])

    wait_until(lambda: deployment.run(*look).returncode == 0, FIRST_READINGS, f"{service} is not well")
