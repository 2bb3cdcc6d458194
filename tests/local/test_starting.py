"""What a person is told when a start isn't possible, and the places from which it is."""

import json
import os
import shutil
from pathlib import Path

import pytest

from local.choices import CLONE
from local.folder import Folder
from local.port import held
from local.waiting import wait_until
from tests.local.supervisor import START_DEADLINE, call, started, starting, status

PARTS = ("local", "app", "db", "nginx", "redis", "web", "manage.py")


def refusal(**circumstances: str) -> str:
    """Return the one line that a refused start says."""
    answer = call("run", **circumstances)  # type: ignore[arg-type]  # data is a path among texts
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1, answer.stderr
    return answer.stderr


def test_a_folder_that_cannot_be_made_is_named() -> None:
    assert refusal(data="/proc/doable").startswith("doable: DATA=/proc/doable can't be used")


def test_a_folder_with_other_files_is_left_alone(data: Path) -> None:
    data.mkdir()
    (data / "letter.txt").write_text("dear")
    before = data.stat()
    assert "holds other files" in refusal(data=str(data))
    assert (data.stat().st_mode, data.stat().st_uid) == (before.st_mode, before.st_uid)


def test_a_missing_program_is_named_with_its_package(data: Path) -> None:
    if Path("/usr/sbin/nginx").exists() and shutil.which("redis-server", path="/usr/sbin"):
        pytest.skip("all servers are installed where they are found without PATH")
    assert "install the package" in refusal(data=str(data), PATH="/nonexistent", SERVERS="system")


@pytest.mark.parametrize(("name", "value"), [("PORT", "80a"), ("PORT", "65536"), ("SERVERS", "docker")])
def test_a_variable_that_makes_no_sense_is_named(data: Path, name: str, value: str) -> None:
    assert refusal(data=str(data), **{name: value}).startswith(f"doable: {name}={value} is ")


def test_data_of_another_postgresql_is_never_opened(data: Path) -> None:
    (data / "postgresql").mkdir(parents=True)
    (data / "doable.lock").touch()
    (data / "postgresql" / "PG_VERSION").write_text("12\n")
    assert "made by PostgreSQL 12, which isn't here" in refusal(data=str(data))


def test_of_two_starts_for_one_port_one_is_ready_and_the_other_is_refused(data: Path) -> None:
    with (
        held() as port,
        starting(data.with_name("first"), PORT=str(port)) as first,
        starting(data.with_name("second"), PORT=str(port)) as second,
    ):
        pair = (first, second)
        wait_until(lambda: any(each.process.poll() is not None for each in pair), START_DEADLINE, "both go on")
        (refused,) = (each for each in pair if each.process.poll() is not None)
        (ready,) = (each for each in pair if each is not refused)
        ready.wait_until_up()
        assert refused.process.returncode == 1
        assert not refused.has_banner


def test_what_a_killed_run_has_left_is_not_taken_for_news_of_this_one(data: Path) -> None:
    (data / "run").mkdir(parents=True)
    left = {"supervisor": os.getpid(), "variables": {"LD_PRELOAD": "/tmp/old"}}  # noqa: S108 - nothing is there
    (data / "run" / "environment.json").write_text(json.dumps(left))
    folder = Folder(data)
    with folder.held():
        assert folder.variables_of(os.getpid()) is None


def test_the_servers_of_the_wheels_alone_are_enough(data: Path) -> None:
    answer = call("exec", "env", data=data, SERVERS="wheels")
    assert answer.returncode == 0, answer.stderr
    assert (data / "postgresql" / "PG_VERSION").read_text() == "18\n"


@pytest.mark.drill
def test_a_folder_with_an_awkward_name_works(data: Path) -> None:
    awkward = data.parent / ('Müller\'s "data" $HOME #1 ' + "long " * 15)
    answer = call("exec", "env", data=awkward)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can enter folders that the servers' user can't")
def test_root_can_run_a_clone_and_data_that_only_root_may_enter(data: Path) -> None:
    data.parent.chmod(0o700)
    clone = data.parent / "clone"
    clone.mkdir()
    for part in PARTS:
        copy = shutil.copytree if (CLONE / part).is_dir() else shutil.copy
        copy(CLONE / part, clone / part)
    with started(data, clone) as supervisor:
        assert status(supervisor.process.pid)["CapAmb"].endswith("4")
        published = json.loads((data / "run" / "environment.json").read_text())
        assert published["variables"]["DOABLE_DATA"] == str(data)
    assert {path.stat().st_uid for path in clone.rglob("*")} == {0}
