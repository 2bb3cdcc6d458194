"""./deploy.sh puts a new application into the place of the old one while people go on."""

import pytest

from tests.cast import Person, created
from tests.compose.deployment import Deployment
from tests.compose.faults import moved
from tests.compose.load import READERS, WRITERS, Load
from tests.drill import size
from tests.pages import walk

pytestmark = pytest.mark.compose


@pytest.fixture
def people(deployment: Deployment) -> list[Person]:
    people = [Person("alice", deployment.url) for _ in range(READERS + WRITERS)]
    for person in people:
        created(person.sign_up())
    return people


def test_an_update_fails_no_request_and_loses_no_todo(deployment: Deployment, people: list[Person]) -> None:
    before = deployment.compose("ps", "--quiet", "app1")
    load = Load()

    with load.running(people), deployment.beside_app1():
        results = [deployment.deploy(PASSWORD_MIN_LENGTH=str(13 + n)) for n in range(size(1, 6))]

    after = deployment.compose("ps", "--all", "--quiet", "app1")
    assert all(result.returncode == 0 for result in results), results
    assert len(after.split()) == 1
    assert after != before
    assert load.failures == []
    assert load.answers.keys() == {200, 201}, load.answers
    pages = [page for person in people[:WRITERS] for page in walk(person, "/api/todos/", limit=200)]
    assert {todo["title"] for page in pages for todo in page["results"]} == load.titles


def test_a_new_application_that_does_not_start_leaves_the_old_one_at_work(deployment: Deployment) -> None:
    before = deployment.compose("ps", "--all", "--quiet", "app1")

    result = deployment.deploy(GRANIAN_WORKERS="none")

    assert result.returncode == 1
    assert "'none' is not a valid integer range" in result.stderr
    assert result.stderr.endswith("the old one stays; the lines above say why\n")
    assert deployment.compose("ps", "--all", "--quiet", "app1") == before
    created(Person("alice", deployment.url).sign_up())


@pytest.mark.drill
def test_an_application_that_was_away_is_reached_as_soon_as_the_deployment_ends(deployment: Deployment) -> None:
    with moved(deployment):
        result = deployment.deploy()

    assert result.returncode == 0, result.stdout + result.stderr
    created(Person("alice", deployment.url).sign_up())
    assert set(deployment.states().values()) == {"healthy"}


@pytest.mark.drill
def test_an_application_that_was_stopped_a_moment_ago_may_be_updated(deployment: Deployment) -> None:
    deployment.compose("stop", "app1")

    result = deployment.deploy(PASSWORD_MIN_LENGTH="20")

    assert result.returncode == 0, result.stdout + result.stderr
    created(Person("alice", deployment.url).sign_up())


def test_a_change_of_what_nginx_reads_arrives_in_the_running_nginx(deployment: Deployment) -> None:
    before = deployment.compose("ps", "--quiet", "nginx")
    headers = deployment.folder / "nginx" / "snippets" / "headers.conf"
    headers.write_text(headers.read_text().replace("no-referrer", "same-origin"))

    assert deployment.deploy().returncode == 0

    assert deployment.compose("ps", "--quiet", "nginx") == before
    assert Person("alice", deployment.url).get("/").headers["Referrer-Policy"] == "same-origin"
