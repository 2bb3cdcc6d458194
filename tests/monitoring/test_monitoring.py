"""What watches over the service asks for what there is, and says where to read on."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.documents import ROOT, anchors, first_codes, read, section

HERE = Path(__file__).parent
OURS = re.compile(r"\bdoable_\w+")
OTHERS = re.compile(r"\b(?:node|pg|redis)_\w+|\bup\b")
PARTS = ("_bucket", "_count", "_sum")
EXPORTERS = {"node-exporter": "node_", "postgres-exporter": "pg_", "redis-exporter": "redis_"}


def dashboard() -> Any:
    return json.loads(read("monitoring/grafana/dashboards/doable.json"))


def alerts() -> list[Any]:
    groups = yaml.safe_load(read("monitoring/alerts.yml"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def services() -> Any:
    return yaml.safe_load(read("docker-compose.monitoring.yml"))["services"]


def queries() -> list[str]:
    drawn = [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", [])]
    return drawn + [rule["expr"] for rule in alerts()]


def shown() -> set[str]:
    """Return what the documents say that /metrics shows, by the names that Prometheus stores."""
    page = read("docs/metrics.md")
    named = {
        *first_codes(section(page, "Counted by the application")),
        *first_codes(section(page, "Asked of PostgreSQL")),
    }
    return named | {f"{name}{part}" for name in named if name.endswith("_seconds") for part in PARTS}


@pytest.mark.parametrize("query", queries())
def test_a_query_asks_for_what_there_is(query: str) -> None:
    assert OURS.findall(query) or OTHERS.findall(query)
    assert set(OURS.findall(query)) <= shown()


def test_every_number_of_the_application_is_drawn_or_watched() -> None:
    asked = {name for query in queries() for name in OURS.findall(query)}
    left_out = {"doable_job_last_run_timestamp_seconds", "doable_database_connects_total"}  # to be looked up

    unasked = {name for name in shown() if not any(other.startswith(name) for other in asked)}

    assert {name for name in unasked if not name.endswith(PARTS)} == left_out


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_leads_to_a_chapter_of_the_runbook(rule: Any) -> None:
    page, _, anchor = rule["annotations"]["runbook"].partition("#")

    assert anchor in anchors(read(page))
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_panels_have_places_of_their_own() -> None:
    panels = [panel for panel in dashboard()["panels"] if panel["type"] != "row"]
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]

    assert len(set(places)) == len(panels)
    assert len({panel["id"] for panel in dashboard()["panels"]}) == len(dashboard()["panels"])


def test_prometheus_asks_the_application_and_every_exporter() -> None:
    jobs = yaml.safe_load(read("monitoring/prometheus.yml"))["scrape_configs"]
    targets = [
        target.partition(":")[0] for job in jobs for one in job.get("static_configs", []) for target in one["targets"]
    ]

    assert set(targets) == set(EXPORTERS)
    assert {job["proxy_url"] for job in jobs if "proxy_url" in job} == {"http://app1:8000"}
    assert "app1" in yaml.safe_load(read("docker-compose.yml"))["services"]


@pytest.mark.parametrize("name", services())
def test_a_container_may_do_no_more_than_it_must(name: str) -> None:
    service = services()[name]

    assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert {"pids_limit", "mem_limit"} <= service.keys()
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert service["read_only"] is (name != "prometheus")


# --- what promtool says, which comes with Debian's package prometheus ------------------------------


def promtool(*arguments: str | Path) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool was not found on this machine; install the package prometheus")
    found = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 - files of ours
    assert found.returncode == 0, found.stdout + found.stderr


def test_promtool_takes_the_configuration_and_the_rules() -> None:
    promtool("check", "config", ROOT / "monitoring/prometheus.yml")


def test_promtool_finds_that_the_alerts_do_what_they_should() -> None:
    promtool("test", "rules", HERE / "alerts.test.yml")


def test_promtool_takes_every_query_of_the_dashboard(tmp_path: Path) -> None:
    rules = [
        {"record": f"query:{number}", "expr": query.replace("$__rate_interval", "1m")}
        for number, query in enumerate(queries())
    ]
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))

    promtool("check", "rules", tmp_path / "queries.yml")
