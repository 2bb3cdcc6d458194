"""What ./deploy.sh leaves behind on a machine with Docker."""

import pytest
import requests

from local.waiting import wait_until
from tests.cast import Person, created
from tests.compose.deployment import Deployment

pytestmark = pytest.mark.compose
TAKE_OVER = 60  # seconds
SERVICES = {"nginx", "app1", "jobs", "db", "redis"}


def test_every_service_is_healthy(deployment: Deployment) -> None:
    assert deployment.states() == dict.fromkeys(SERVICES, "healthy")


def test_what_a_person_has_stored_is_there_after_a_restart_of_everything(deployment: Deployment) -> None:
    alice = Person("alice", deployment.url)
    created(alice.sign_up())
    todo = alice.make_todo(alice.make_list())
    done = alice.patch(f"/api/todos/{todo['id']}/", json={"status": "done"}).json()
    assert alice.log_out().status_code == 204
    assert alice.log_in().status_code == 200

    deployment.compose("restart")
    deployment.compose("up", "--detach", "--wait", "nginx", "jobs")

    assert alice.get(f"/api/todos/{todo['id']}/").json() == done
    assert done["status"] == "done"


def test_a_file_that_the_application_stores_is_sent_by_nginx_and_seen_by_the_jobs(deployment: Deployment) -> None:
    alice = Person("alice", deployment.url)
    created(alice.sign_up())
    photo = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4096
    made = alice.attach(alice.make_todo(alice.make_list()), photo, "photo.png")

    answer = alice.get(f"/api/attachments/{made['id']}/content/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.content == photo
    swept = deployment.compose("exec", "-T", "jobs", "python", "manage.py", "sweep_attachments")
    assert swept == "0 files without an attachment were removed.\n"


def test_a_second_run_keeps_the_secrets_and_brings_only_what_has_changed(deployment: Deployment) -> None:
    others = deployment.compose("ps", "--quiet", "db", "app1")
    configuration = deployment.folder / "redis" / "redis.conf"
    configuration.write_text(configuration.read_text().replace("maxmemory 256mb", "maxmemory 128mb"))
    files = [deployment.folder / ".env", *deployment.secret("").iterdir()]
    before = [file.read_text() for file in files]

    result = deployment.deploy()

    assert result.returncode == 0, result.stdout + result.stderr
    assert [file.read_text() for file in files] == before
    assert deployment.states() == dict.fromkeys(SERVICES, "healthy")
    assert f"maxmemory:{128 * 1024**2}" in deployment.redis("INFO", "memory").split()
    assert deployment.compose("ps", "--quiet", "db", "app1") == others


@pytest.mark.drill
def test_when_the_machine_of_the_jobs_is_lost_another_does_them(deployment: Deployment) -> None:
    deployment.compose("up", "--detach", "--no-recreate", "--wait", "--scale", "jobs=2", "jobs")
    first, second = sorted(deployment.compose("ps", "--quiet", "jobs").split(), key=deployment.is_at_work, reverse=True)
    assert [deployment.is_at_work(first), deployment.is_at_work(second)] == [True, False]

    # No packet arrives any more, not even one that ends the connection.
    deployment.run("docker", "network", "disconnect", f"{deployment.project}_stores", first).check_returncode()

    wait_until(lambda: deployment.is_at_work(second), TAKE_OVER, "nobody does the jobs of the machine that was lost")
    deployment.run("docker", "rm", "--force", first).check_returncode()


def test_the_static_files_of_this_release_are_served(deployment: Deployment) -> None:
    docs = requests.get(f"{deployment.url}/api/docs/", timeout=10).text
    stylesheet = docs.split('rel="stylesheet" href="')[1].split('"')[0]

    answer = requests.get(deployment.url + stylesheet, timeout=10)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_documents_are_served_and_the_numbers_are_not(deployment: Deployment) -> None:
    visitor = Person("visitor", deployment.url)

    assert "Runbook" in visitor.get("/docs/runbook/").text
    assert visitor.get("/metrics").status_code == 403


def test_help_says_what_the_script_does(deployment: Deployment) -> None:
    result = deployment.run("./deploy.sh", "--help")

    assert result.returncode == 0
    assert result.stdout.startswith("Usage: ./deploy.sh")
