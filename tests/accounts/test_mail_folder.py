"""Mail where no mail server is set: files in a folder, of which the log says so."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from local.waiting import wait_until
from tests.accounts.post import SOON, PostOffice


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def files(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.iterdir())


def test_mail_lies_in_the_folder_and_the_log_says_so_without_address_and_link(
    office: PostOffice, log: Path, folder: Path
) -> None:
    alice = office.person()
    with office.postman(log, f"filemail:///{folder}") as postman:
        office.ask_reset(alice.email)
        office.wait_until_gone(alice.email)

    assert postman.said(f"mail goes to the folder {folder}, because no mail server is set") == 1
    [entry] = [entry for entry in postman.entries if entry["message"] == "mail was written into a folder"]
    assert (entry["letter"], entry["folder"]) == ("reset_password", str(folder))
    assert f"To: {alice.email}" in files(folder)
    assert alice.email not in log.read_text()
    assert "#reset=" not in log.read_text()


def test_a_folder_that_cant_be_made_is_waited_for(office: PostOffice, log: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.symlink_to("/proc")  # where nobody can make a folder, not even root

    def mend() -> None:
        disk.unlink()
        disk.mkdir()

    reason = f"Could not create directory for saving email messages: {disk}/mail"
    assert_mail_waits_until(office, log, disk / "mail", reason, mend)


def test_a_folder_whose_place_is_taken_is_waited_for(office: PostOffice, log: Path, folder: Path) -> None:
    folder.touch()
    reason = f"Path for saving email messages exists, but is not a directory: {folder}"
    assert_mail_waits_until(office, log, folder, reason, folder.unlink)


def test_a_disk_that_is_full_is_waited_for(office: PostOffice, log: Path, folder: Path) -> None:
    alice = office.person()
    with office.postman(log, f"filemail:///{folder}") as postman:
        room = log.stat().st_size + 1500  # for the words of the log, and not for a letter
        resource.prlimit(postman.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
        office.ask_reset(alice.email)
        wait_until(lambda: "File too large" in log.read_text(), SOON, "the log does not say that the disk is full")
        resource.prlimit(postman.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        office.make_due(alice.email)
        office.wait_until_gone(alice.email)

    assert any(f"To: {alice.email}" in path.read_text() and "</html>" in path.read_text() for path in folder.iterdir())


def assert_mail_waits_until(
    office: PostOffice, log: Path, folder: Path, reason: str, mend: Callable[[], object]
) -> None:
    alice = office.person()
    with office.postman(log, f"filemail:///{folder}") as postman:
        office.ask_reset(alice.email)
        wait_until(lambda: reason in log.read_text(), SOON, f"the log lacks: {reason}")
        mend()
        office.make_due(alice.email)
        office.wait_until_gone(alice.email)

    assert postman.said("mail can't be sent; it will be tried again") == 1
    assert f"To: {alice.email}" in files(folder)
    assert alice.email not in log.read_text()
