"""Base backups and the archive of the write-ahead log, as an operator has them in a deployment."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from local.waiting import wait_until
from tests.compose.deployment import Deployment

ARCHIVED = 120  # seconds: archive_timeout, and what a busy machine takes
NAMED_BY_PEOPLE = ("core_attachment", "core_list", "core_todo", "core_user")
Result = subprocess.CompletedProcess[str]


class Recovery:
    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def make(self, verb: str, **variables: str) -> Result:
        words = [f"{name}={value}" for name, value in variables.items()]
        return self.deployment.run("make", verb, *words)

    def base_backup(self, **variables: str) -> None:
        result = self.make("base-backup", **variables)
        assert result.returncode == 0, result.stderr

    def recover(self, **variables: str) -> None:
        result = self.make("recover", OVERWRITE="yes", **variables)
        assert result.returncode == 0, result.stderr

    def in_db(self, command: str) -> str:
        """Run a line of shell as the user of PostgreSQL, in the folder of its cluster, and return what it prints."""
        cluster = "/recovery/$(pg_controldata | sed -n 's/^Database system identifier: *//p')"
        return self.deployment.compose("exec", "-T", "db", "sh", "-e", "-c", f"cd {cluster}; {command}").strip()

    def now(self) -> str:
        """Return the time, between what was done and what is done next."""
        return self.deployment.ask("SELECT clock_timestamp()")

    def rows(self) -> list[str]:
        """Return how many rows people have, and the sum of their hashes, by table."""
        lines = self.deployment.compose(
            *("exec", "-T", "db", "psql", "--quiet", "-At", "--username=postgres", "--dbname=doable"),
            "--file=/etc/doable/rows.sql",
        ).splitlines()
        return [line for line in lines if line.startswith(NAMED_BY_PEOPLE)]

    def segment(self) -> str:
        """Return the segment that is being written."""
        return self.deployment.ask("SELECT pg_walfile_name(pg_current_wal_lsn())")

    def end_segment(self) -> str:
        """Have PostgreSQL go on in another segment, wait until the archive has the one before, and return its name."""
        self.deployment.ask("SELECT pg_current_xact_id()")
        segment = self.deployment.ask("SELECT pg_walfile_name(pg_switch_wal())")
        self.wait_for(segment)
        return segment

    def wait_for(self, segment: str) -> None:
        is_archived = f"SELECT last_archived_wal >= '{segment}' FROM pg_stat_archiver"  # noqa: S608 - its own answer
        wait_until(lambda: self.deployment.ask(is_archived) == "t", ARCHIVED, f"{segment} is not archived")

    def newest_base(self) -> str:
        return self.in_db("ls base").split()[-1]

    def destroy(self) -> None:
        """Kill PostgreSQL and delete its volume."""
        container = self.deployment.compose("ps", "--quiet", "db").strip()
        self.deployment.run("docker", "kill", "--signal", "KILL", container).check_returncode()
        self.deployment.run("docker", "rm", "--force", "--volumes", container).check_returncode()
        volume = f"{self.deployment.project}_postgres_data"
        self.deployment.run("docker", "volume", "rm", volume).check_returncode()

    @contextmanager
    def hidden(self, name: str) -> Iterator[None]:
        """Have a file or folder of the cluster out of the way for a while."""
        self.in_db(f"mv {name} /recovery/hidden")
        try:
            yield
        finally:
            self.in_db(f"rm -rf {name}; mv /recovery/hidden {name}")
