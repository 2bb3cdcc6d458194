"""What was backed up comes back as it was, into the deployment or into a new one."""

import fcntl
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Person, created
from tests.compose.deployment import Deployment
from tests.compose.faults import moved

pytestmark = pytest.mark.compose


class Kept:
    """A person with a todo and a file on it, and the archive that was made then."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self.alice = Person("alice", deployment.url)
        created(self.alice.sign_up())
        self.todo = self.alice.make_todo(self.alice.make_list())
        self.file = f"/api/attachments/{self.alice.attach(self.todo)['id']}/content/"
        self.content = self.alice.get(self.file).content
        self.page = self.read()
        self.archive = backed_up(deployment)

    def read(self) -> Any:
        return self.alice.get("/api/todos/").json()

    def rename(self, title: str) -> None:
        assert self.alice.patch(f"/api/todos/{self.todo['id']}/", json={"title": title}).status_code == 200

    def restore(self, **variables: str) -> Any:
        words = [f"{name}={value}" for name, value in variables.items()]
        return self._deployment.run("make", "restore", f"ARCHIVE={self.archive}", *words)


def archives(deployment: Deployment) -> set[Path]:
    return set(deployment.folder.glob("backups/*.tar"))


def backed_up(deployment: Deployment) -> Path:
    """Make a backup and return the archive."""
    before = archives(deployment)
    deployment.run("make", "backup").check_returncode()
    (archive,) = archives(deployment) - before
    return archive


def as_superuser(deployment: Deployment, *statements: str, database: str = "doable") -> None:
    deployment.psql(*statements, role="postgres", options=f"dbname={database}").check_returncode()


@contextmanager
def changed(file: Path, old: str, new: str) -> Iterator[None]:
    """Change a file of the clone for a while."""
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new, 1))
    try:
        yield
    finally:
        file.write_text(before)


@pytest.fixture(scope="module")
def kept(deployment: Deployment) -> Iterator[Kept]:
    kept = Kept(deployment)
    yield kept
    kept.archive.unlink()


def rewritten(archive: Path, target: Path, part: str, change: tuple[bytes, bytes], *, sums: bool) -> Path:
    """Copy an archive with a change of one part; with the sums made to fit, it has been so from the beginning."""
    old, new = change
    with tarfile.open(archive) as source:
        opened = {entry.name: source.extractfile(entry) for entry in source}
        parts = {name: content.read() for name, content in opened.items() if content}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    if sums:
        made = [f"{sha256(parts[name]).hexdigest()}  {name}" for name in parts if name != "SHA256SUMS"]
        parts["SHA256SUMS"] = "\n".join([*made, ""]).encode()
    with tarfile.open(target, "w") as changed:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            changed.addfile(entry, BytesIO(content))
    return target


def test_the_archive_is_for_its_owner_alone(kept: Kept) -> None:
    assert kept.archive.stat().st_mode & 0o777 == 0o600


def test_a_backup_that_loses_its_session_fails_and_leaves_no_archive(deployment: Deployment) -> None:
    before = archives(deployment)
    lost = "SELECT pg_terminate_backend(pg_backend_pid());\nSELECT format("

    with changed(deployment.folder / "db/rows.sql", "SELECT format(", lost):
        result = deployment.run("make", "backup")

    assert result.returncode != 0
    assert "PostgreSQL broke off" in result.stderr
    assert archives(deployment) == before


def test_a_file_that_is_deleted_during_a_backup_does_not_keep_it_from_being_made(
    deployment: Deployment, kept: Kept
) -> None:
    attached = f"core_attachment WHERE id = '{kept.alice.attach(kept.todo)['id']}'"
    file = deployment.ask(f"SELECT left(file, 2) || '/' || file FROM {attached}")  # noqa: S608 - of the test itself
    deployment.compose("exec", "-T", "app1", "rm", f"media/attachments/{file}")
    before = archives(deployment)
    delete = f'\\! psql --quiet --username=postgres --command="DELETE FROM {attached}" doable\n'  # noqa: S608

    with changed(deployment.folder / "db/rows.sql", "SELECT format(", f"{delete}SELECT format("):
        result = deployment.run("make", "backup")

    assert result.returncode == 0, result.stderr
    (archive,) = archives(deployment) - before
    assert deployment.run("make", "restore-drill", f"ARCHIVE={archive}").returncode == 0


def test_a_backup_leaves_containers_as_they_are_until_the_next_deploy(deployment: Deployment) -> None:
    running = deployment.compose("ps", "--quiet")

    with changed(deployment.folder / "docker-compose.yml", "shm_size: 128mb", "shm_size: 129mb"):
        backed_up(deployment)

    assert deployment.compose("ps", "--quiet") == running


@pytest.mark.parametrize("verb", ["backup", "base-backup", "recover", "restore", "restore-drill"])
def test_only_one_of_them_works_at_a_time(deployment: Deployment, kept: Kept, verb: str) -> None:
    with (deployment.folder / "backups/.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = deployment.run("make", verb, f"ARCHIVE={kept.archive}", "OVERWRITE=yes")

    assert result.returncode != 0
    assert "another backup, recovery, restore or drill is at work" in result.stderr


def test_a_drill_restores_beside_the_data_and_compares(deployment: Deployment, kept: Kept) -> None:
    result = deployment.run("make", "restore-drill", f"ARCHIVE={kept.archive}")

    assert result.returncode == 0, result.stderr
    assert "can be restored: 19 tables with" in result.stdout
    assert deployment.ask("SELECT count(*) FROM pg_database WHERE datname LIKE 'doable_%'") == "0"


def test_a_drill_tells_rows_that_are_not_what_they_were(deployment: Deployment, kept: Kept, tmp_path: Path) -> None:
    other = rewritten(kept.archive, tmp_path / "other.tar", "rows.tsv", (b"core_todo\t", b"core_todo\t9"), sums=True)

    result = deployment.run("make", "restore-drill", f"ARCHIVE={other}")

    assert result.returncode != 0
    assert "the restored rows differ from those of the backup" in result.stderr


def test_a_damaged_archive_is_refused(deployment: Deployment, kept: Kept, tmp_path: Path) -> None:
    torn = rewritten(kept.archive, tmp_path / "torn.tar", "database.dump", (b"PGDMP", b"PGDMX"), sums=False)

    result = deployment.run("make", "restore", f"ARCHIVE={torn}", "OVERWRITE=yes")

    assert result.returncode != 0
    assert f"{torn} is damaged" in result.stderr
    assert deployment.states()["app1"] == "healthy"


def test_a_restore_whose_accounts_can_not_be_counted_overwrites_nothing(deployment: Deployment, kept: Kept) -> None:
    as_superuser(deployment, "ALTER DATABASE doable ALLOW_CONNECTIONS false", database="postgres")
    try:
        refused = kept.restore()
    finally:
        as_superuser(deployment, "ALTER DATABASE doable ALLOW_CONNECTIONS true", database="postgres")

    assert refused.returncode != 0
    assert "the accounts of the database doable can not be counted" in refused.stderr


@pytest.mark.drill
def test_a_restore_after_which_the_application_does_not_work_puts_back_what_was_there(
    deployment: Deployment, kept: Kept
) -> None:
    rename = "UPDATE django_migrations SET name = '{}' WHERE app = 'attachments' AND name = '{}'"
    as_superuser(deployment, rename.format("0001_unknown", "0001_initial"))
    unfit = backed_up(deployment)
    as_superuser(deployment, rename.format("0001_initial", "0001_unknown"))
    kept.rename("Before the restore that fails")

    failed = deployment.run("make", "restore", f"ARCHIVE={unfit}", "OVERWRITE=yes")

    assert failed.returncode != 0
    assert "what was there before is put back" in failed.stderr
    assert kept.read()["results"][0]["title"] == "Before the restore that fails"
    assert deployment.ask("SELECT count(*) FROM pg_database WHERE datname LIKE 'doable_%'") == "0"
    assert set(deployment.states().values()) == {"healthy"}


def test_a_restore_brings_back_the_state_of_the_backup_and_nothing_that_was_kept_of_later(
    deployment: Deployment, kept: Kept
) -> None:
    kept.rename("After the backup")
    assert kept.read()["results"][0]["title"] == "After the backup"
    refused = kept.restore()
    assert "OVERWRITE=yes replaces all that they have" in refused.stderr
    assert kept.read()["results"][0]["title"] == "After the backup"
    since = kept.alice.on_another_device()
    assert since.get("/api/todos/").status_code == 200  # of the session there is a copy in Redis now

    with moved(deployment):
        restored = kept.restore(OVERWRITE="yes")

    assert restored.returncode == 0, restored.stderr
    assert since.get("/api/todos/").status_code == 401  # and nginx knows the new address of app1
    assert set(deployment.states().values()) == {"healthy"}
    assert kept.read() == kept.page
    kept.rename("After the restore")  # counts the revision to what it was with the other title
    assert kept.read()["results"][0]["title"] == "After the restore"
    assert kept.alice.get(kept.file).content == kept.content


def test_a_lost_deployment_is_made_anew_from_the_archive_and_the_secrets(deployment: Deployment, kept: Kept) -> None:
    deployment.compose("down", "--volumes")
    assert deployment.deploy().returncode == 0
    # What a restore leaves that is killed between the exchange of the databases and its end.
    as_superuser(deployment, "CREATE DATABASE doable_replaced")
    as_superuser(deployment, "CREATE TABLE core_user AS SELECT 1 AS id", database="doable_replaced")
    refused = kept.restore()
    assert "the database doable_replaced has 1 accounts" in refused.stderr
    deployment.compose("stop", "nginx")  # so that nobody signs up before the data is there

    restored = kept.restore(OVERWRITE="yes")

    assert restored.returncode == 0, restored.stderr
    assert kept.read() == kept.page
    assert kept.alice.get(kept.file).content == kept.content
    assert set(deployment.states().values()) == {"healthy"}
    assert deployment.ask("SELECT count(*) FROM pg_database WHERE datname LIKE 'doable_%'") == "0"
    refused = deployment.psql("TRUNCATE core_todo CASCADE")
    assert "permission denied" in refused.stderr
