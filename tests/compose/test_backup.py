"""What was backed up comes back as it was, into the deployment or into a new one."""

import tarfile
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Person
from tests.compose.deployment import Deployment

pytestmark = pytest.mark.compose


class Kept:
    """A person with a todo and a file on it, and the archive that was made then."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self.alice = Person("alice", deployment.url)
        assert self.alice.sign_up().status_code == 201
        self.todo = self.alice.make_todo(self.alice.make_list())
        self.file = f"/api/attachments/{self.alice.attach(self.todo)['id']}/content/"
        self.content = self.alice.get(self.file).content
        self.page = self.read()
        before = set(deployment.folder.glob("backups/*.tar"))
        deployment.run("make", "backup").check_returncode()
        (self.archive,) = set(deployment.folder.glob("backups/*.tar")) - before

    def read(self) -> Any:
        return self.alice.get("/api/todos/").json()

    def rename(self, title: str) -> None:
        assert self.alice.patch(f"/api/todos/{self.todo['id']}/", json={"title": title}).status_code == 200

    def restore(self, **variables: str) -> Any:
        words = [f"{name}={value}" for name, value in variables.items()]
        return self._deployment.run("make", "restore", f"ARCHIVE={self.archive}", *words)


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


def test_a_restore_brings_back_the_state_of_the_backup_and_nothing_that_was_kept_of_later(kept: Kept) -> None:
    kept.rename("After the backup")
    assert kept.read()["results"][0]["title"] == "After the backup"
    refused = kept.restore()
    assert "OVERWRITE=yes replaces all that they have" in refused.stderr
    assert kept.read()["results"][0]["title"] == "After the backup"

    restored = kept.restore(OVERWRITE="yes")

    assert restored.returncode == 0, restored.stderr
    assert kept.read() == kept.page
    kept.rename("After the restore")  # counts the revision to what it was with the other title
    assert kept.read()["results"][0]["title"] == "After the restore"
    assert kept.alice.get(kept.file).content == kept.content


def test_a_lost_deployment_is_made_anew_from_the_archive_and_the_secrets(deployment: Deployment, kept: Kept) -> None:
    deployment.compose("down", "--volumes")
    assert deployment.deploy().returncode == 0

    restored = kept.restore()

    assert restored.returncode == 0, restored.stderr
    assert kept.read() == kept.page
    assert kept.alice.get(kept.file).content == kept.content
    assert set(deployment.states().values()) == {"healthy"}
    refused = deployment.psql("TRUNCATE core_todo CASCADE")
    assert "permission denied" in refused.stderr
