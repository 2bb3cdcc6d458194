"""What a person may rely on while the stack runs."""

import json
import os
import pwd
import signal
import stat
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.local.supervisor import STOP_DEADLINE, Supervisor, call, executing, listening_ports, sockets, status

SERVERS = {"postgres", "granian", "nginx"}
CAP_DAC_READ_SEARCH = 1 << 2
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to give up")


def test_everything_answers_at_the_address_of_the_banner(running: Supervisor) -> None:
    for path in ("/", "/api/docs/", "/health/ready/"):
        assert requests.get(running.url + path, timeout=5).status_code == 200


def test_both_names_of_this_machine_work(running: Supervisor) -> None:
    address = running.url.replace("localhost", "127.0.0.1")
    assert requests.get(f"{address}/auth/csrf/", timeout=5).status_code == 200


def test_the_banner_holds_no_secret(running: Supervisor, shared_data: Path) -> None:
    for secret in json.loads((shared_data / "secrets.json").read_text()).values():
        assert secret not in running.said


def test_nobody_else_can_read_the_data(running: Supervisor, shared_data: Path) -> None:
    assert running.url
    assert stat.S_IMODE(shared_data.stat().st_mode) == 0o700
    assert stat.S_IMODE((shared_data / "secrets.json").stat().st_mode) == 0o600


def test_a_command_gets_the_environment_of_the_running_stack(running: Supervisor, shared_data: Path) -> None:
    answer = call("exec", "--", "sh", "-c", "echo $DOABLE_URL $DOABLE_DATA", data=shared_data)
    port = urlsplit(running.url).port
    assert answer.stdout.split() == [f"http://127.0.0.1:{port}", str(shared_data)]


@pytest.mark.parametrize("code", [0, 7])
def test_the_exit_code_of_a_command_is_handed_on(running: Supervisor, shared_data: Path, code: int) -> None:
    assert running.url
    assert call("exec", "sh", "-c", f"exit {code}", data=shared_data).returncode == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_ended_by_a_signal_has_the_exit_code_of_a_shell(
    running: Supervisor, shared_data: Path, number: signal.Signals
) -> None:
    assert running.url
    with executing("echo begun; exec sleep 60", shared_data) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(number)
        assert process.wait(STOP_DEADLINE) == 128 + number


@as_root
def test_a_command_of_root_has_no_more_rights_than_who_wrote_its_environment(
    running: Supervisor, shared_data: Path
) -> None:
    assert running.url
    answer = call("exec", "grep", "-E", "^(Uid|Groups|NoNewPrivs):", "/proc/self/status", data=shared_data)
    nobody = pwd.getpwnam("nobody").pw_uid
    assert answer.stdout.split() == ["Uid:", *[str(nobody)] * 4, "Groups:", "NoNewPrivs:", "1"]


def test_a_command_that_does_not_exist_is_named(running: Supervisor, shared_data: Path) -> None:
    assert running.url
    answer = call("exec", "no-such-command", data=shared_data)
    assert answer.returncode == 127
    assert "no-such-command can't be run" in answer.stderr


def test_only_the_port_of_nginx_is_open(running: Supervisor) -> None:
    inodes = {inode for pid in (running.process.pid, *running.family()) for inode in sockets(pid)}
    assert listening_ports(inodes) == {urlsplit(running.url).port}


def test_a_second_run_on_the_same_folder_is_refused(running: Supervisor, shared_data: Path) -> None:
    answer = call("run", data=shared_data)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"doable: DATA={shared_data} is in use by process {running.process.pid};")


def test_a_busy_port_is_refused(running: Supervisor, data: Path) -> None:
    port = urlsplit(running.url).port
    answer = call("run", data=data, PORT=str(port))
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"doable: port {port} is in use")
    assert len(answer.stderr.splitlines()) == 1


@as_root
def test_no_server_started_by_root_is_root(running: Supervisor) -> None:
    family = running.family()
    nobody = str(pwd.getpwnam("nobody").pw_uid)
    assert set(family.values()) >= SERVERS
    for pid in (running.process.pid, *family):
        found = status(pid)
        assert set(found["Uid"].split()) == {nobody}
        assert found["Groups"] == ""
        assert found["NoNewPrivs"] == "1"


@as_root
def test_servers_may_at_most_read_more_than_their_user(running: Supervisor) -> None:
    for pid in (running.process.pid, *running.family()):
        found = status(pid)
        for field in ("CapPrm", "CapEff", "CapAmb"):
            assert int(found[field], 16) in (0, CAP_DAC_READ_SEARCH)
