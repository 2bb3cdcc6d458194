"""What operators do with sessions, from the command line."""

import subprocess
import sys

from tests.cast import Person
from tests.rows import ask

COUNT = "SELECT count(*) FROM core_session s JOIN core_user u ON u.id = s.user_id WHERE u.email = %s"
AGE = """
UPDATE core_session SET last_seen_at = now() - interval '15 days'
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "manage.py", *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command line


def test_ending_the_sessions_of_a_user_logs_out_everywhere_at_once(alice: Person, bob: Person) -> None:
    phone = alice.on_another_device()
    assert [person.get("/api/lists/").status_code for person in (alice, phone)] == [200, 200]

    assert manage("end_sessions", alice.email).stdout == f"2 sessions of {alice.email} were ended.\n"

    assert [person.get("/api/lists/").status_code for person in (alice, phone, bob)] == [401, 401, 200]


def test_ending_the_sessions_of_nobody_is_refused_by_name() -> None:
    refused = manage("end_sessions", "nobody@example.org")

    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        "CommandError: There is no account of nobody@example.org.",
    )


def test_a_purge_removes_what_has_ended_by_age_and_nothing_else(alice: Person, bob: Person) -> None:
    ask(AGE, alice.email)

    assert manage("purge_sessions").stdout.endswith("sessions were purged.\n")

    assert (ask(COUNT, alice.email), ask(COUNT, bob.email)) == (0, 1)
