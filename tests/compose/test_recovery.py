"""From the first base backup on, every moment can be recovered; what can't be is refused, and nothing is lost."""

import re
import tarfile
from typing import Any

import pytest

from local.waiting import wait_until
from tests.cast import Person, created
from tests.compose.deployment import Deployment
from tests.compose.recovery import ARCHIVED, Recovery

pytestmark = pytest.mark.compose


@pytest.fixture(scope="module")
def recovery(deployment: Deployment) -> Recovery:
    """Return the recovery of a deployment that has a base backup, and none of clusters that other tests have left."""
    recovery = Recovery(deployment)
    recovery.base_backup()
    recovery.in_db("ls -d /recovery/[0-9]* | grep -vxF $(pwd) | xargs -r rm -rf")
    return recovery


@pytest.fixture
def alice(deployment: Deployment) -> Person:
    alice = Person("alice", deployment.url)
    created(alice.sign_up())
    return alice


@pytest.fixture
def groceries(alice: Person) -> Any:
    return alice.make_list()


def titles(person: Person) -> set[str]:
    return {todo["title"] for todo in person.get("/api/todos/").json()["results"]}


def test_a_moment_between_two_changes_is_recovered_and_after_that_a_later_one(
    recovery: Recovery, alice: Person, groceries: Any
) -> None:
    file = f"/api/attachments/{alice.attach(alice.make_todo(groceries, 'First'))['id']}"
    recovery.base_backup()
    early, rows = recovery.now(), recovery.rows()
    alice.make_todo(groceries, "Second")
    assert alice.delete(f"{file}/").status_code == 204
    late, more_rows = recovery.now(), recovery.rows()
    alice.make_todo(groceries, "Third")

    recovery.recover(TO=early)

    assert titles(alice) == {"First"}
    assert recovery.rows() == rows
    assert alice.get(f"{file}/content/").content == b"Oat milk: 2.19"

    recovery.recover(TO=late)

    assert titles(alice) == {"First", "Second"}
    assert recovery.rows() == more_rows


def test_an_archive_of_a_moment_that_has_passed_can_be_had_and_nothing_changes(
    deployment: Deployment, recovery: Recovery, alice: Person, groceries: Any
) -> None:
    alice.make_todo(groceries, "Before")
    moment, rows = recovery.now(), recovery.rows()
    alice.make_todo(groceries, "After")

    made = recovery.make("backup", TO=moment)

    assert made.returncode == 0, made.stderr
    archive = deployment.folder / made.stdout.split("made ")[1].split(",")[0]
    with tarfile.open(archive) as parts:
        found = parts.extractfile("rows.tsv")
        assert found
        assert set(rows) <= {line.replace("\t", "|") for line in found.read().decode().splitlines()}
    assert titles(alice) == {"Before", "After"}


def test_a_recovery_overwrites_accounts_only_when_it_is_told_to(recovery: Recovery, alice: Person) -> None:
    refused = recovery.make("recover")

    assert refused.returncode != 0
    assert "OVERWRITE=yes replaces all that they have" in refused.stderr
    assert alice.get("/auth/me/").status_code == 200


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("teatime", "TO=teatime is no time"),
        ("2999-01-01", "TO=2999-01-01 lies in the future"),
        ("2001-01-01 00:00+00", "is before the oldest base backup"),
    ],
)
def test_a_moment_that_can_not_be_had_is_refused(recovery: Recovery, moment: str, reason: str) -> None:
    refused = recovery.make("recover", TO=moment, OVERWRITE="yes")

    assert refused.returncode != 0
    assert reason in refused.stderr


def test_without_a_base_backup_nothing_is_recovered(recovery: Recovery) -> None:
    with recovery.hidden("base"):
        refused = recovery.make("recover", OVERWRITE="yes")

    assert "there is no base backup in the recovery folder" in refused.stderr


def test_a_gap_in_the_archive_is_not_taken_for_its_end(
    recovery: Recovery, deployment: Deployment, alice: Person, groceries: Any
) -> None:
    alice.make_todo(groceries, "In the gap")
    lost = recovery.end_segment()
    recovery.end_segment()

    with recovery.hidden(f"wal/{lost}.gz"):
        refused = recovery.make("recover", OVERWRITE="yes")

    assert refused.returncode != 0
    assert f"the segment {lost} is missing, and later ones are there" in refused.stderr
    assert titles(alice) == {"In the gap"}
    assert set(deployment.states().values()) == {"healthy"}


def test_a_damaged_segment_is_not_taken_for_the_end(recovery: Recovery, alice: Person) -> None:
    torn = recovery.end_segment()

    with recovery.hidden(f"wal/{torn}.gz"):
        recovery.in_db(f"head -c 999 /recovery/hidden >wal/{torn}.gz")
        refused = recovery.make("recover", OVERWRITE="yes")

    assert refused.returncode != 0
    assert f"the segment {torn} is damaged" in refused.stderr
    assert alice.get("/auth/me/").status_code == 200


def test_a_damaged_base_backup_is_refused(recovery: Recovery, alice: Person) -> None:
    base = f"base/{recovery.newest_base()}/base.tar.gz"

    with recovery.hidden(base):
        recovery.in_db(f"head -c 99999 /recovery/hidden >{base}")
        refused = recovery.make("recover", OVERWRITE="yes")

    assert refused.returncode != 0
    assert "can not be played, see above; nothing was changed" in refused.stderr
    assert alice.get("/auth/me/").status_code == 200


def test_a_moment_behind_the_end_of_the_archive_of_a_lost_cluster_is_refused(recovery: Recovery, alice: Person) -> None:
    recovery.end_segment()
    moment = recovery.now()
    own = recovery.in_db("pwd")

    # Under another name it is not that of the cluster that runs, and what was not archived is lost.
    recovery.in_db(f"mv {own} /recovery/1")
    try:
        refused = recovery.make("recover", TO=moment, OVERWRITE="yes")
    finally:
        recovery.deployment.compose("exec", "-T", "db", "mv", "/recovery/1", own)

    assert refused.returncode != 0
    assert "recovery ended before configured recovery target was reached" in refused.stderr
    assert "last completed transaction was at log time" in refused.stderr
    assert alice.get("/auth/me/").status_code == 200


def test_people_go_on_while_the_archive_takes_nothing_and_it_catches_up_by_itself(
    deployment: Deployment, recovery: Recovery, alice: Person, groceries: Any
) -> None:
    failed = deployment.ask("SELECT failed_count FROM pg_stat_archiver")
    recovery.in_db("chmod 500 wal")
    try:
        alice.make_todo(groceries, "Not archived yet")
        segment = deployment.ask("SELECT pg_walfile_name(pg_switch_wal())")
        more = f"SELECT failed_count > {failed} FROM pg_stat_archiver"  # noqa: S608 - its own answer
        wait_until(lambda: deployment.ask(more) == "t", ARCHIVED, "nothing fails")
        alice.make_todo(groceries, "Stored all the same")
        doctor = deployment.run("docker", "compose", "exec", "-T", "app1", "python", "manage.py", "doctor")
        assert re.search(r"FAIL +archive of the log +has not taken [0-9A-F]{24}\.", doctor.stdout), doctor.stdout
    finally:
        recovery.in_db("chmod 700 wal")

    recovery.wait_for(segment)


def test_what_the_archive_has_is_never_replaced_and_may_be_given_again(recovery: Recovery) -> None:
    keep = "sh /etc/doable/keep_wal.sh /tmp/given 0000000100000000000000AA.test"
    try:
        recovery.in_db(f"printf one >/tmp/given; {keep}; {keep}; printf two >/tmp/given; ! {keep}")
        assert recovery.in_db("gzip -dc wal/*.test.gz") == "one"
    finally:
        recovery.in_db("rm -f wal/*.test.gz")


def test_what_no_moment_of_the_days_that_are_kept_needs_is_removed(recovery: Recovery) -> None:
    before = recovery.newest_base()
    recovery.base_backup()
    assert before in recovery.in_db("ls base").split()

    recovery.base_backup(KEEP_DAYS="0")

    assert recovery.in_db("ls base").split() == [recovery.newest_base()]
    needed = recovery.in_db('sed -n \'s/.*Start-LSN": "\\([^"]*\\).*/\\1/p\' base/*/backup_manifest')
    first = recovery.deployment.ask(f"SELECT pg_walfile_name('{needed}')")
    assert recovery.in_db("ls wal | grep -v backup").split()[0] == f"{first}.gz"


def test_nobody_but_postgresql_gets_into_the_recovery_folder(deployment: Deployment, recovery: Recovery) -> None:
    folder = deployment.folder / "backups" / "recovery"

    assert folder.stat().st_mode & 0o777 == 0o700
    assert recovery.in_db("find . -type f -perm /077") == ""
