"""A disk that is full, gone or slow to hear of the end: a clear answer, nothing left behind, and all else works on."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from local.waiting import wait_until
from tests.attachments.broken import half_sent
from tests.attachments.small import Small
from tests.attachments.test_download import content_of
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, connect, revision_of

LISTED = "SELECT count(*) FROM core_attachment WHERE todo_id = %s"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
FULL = {"its room": "size=256k", "its names": "size=4m,nr_inodes=9"}


@pytest.fixture(scope="module")
def app(small: Small) -> str:
    return small.url


@contextmanager
def tiny_disk(small: Small, options: str) -> Iterator[None]:
    """Put a file system of its own in the place of the folder."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system to fill")
    mount = ("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(small.media))
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed command
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(("umount", str(small.media)), check=True)  # noqa: S603, S607 - a fixed command


@pytest.mark.parametrize("options", FULL.values(), ids=FULL.keys())
def test_a_full_disk_is_told_so_and_all_else_goes_on(small: Small, alice: Person, milk: Any, options: str) -> None:
    with tiny_disk(small, options):
        made = [alice.attach(milk, b"x" * 40_000)]
        while (answer := alice.upload(milk, b"x" * 40_000)).status_code == 201:
            made.append(answer.json())
        before, files = revision_of(alice), small.files()

        assert_problem(answer, 507, "insufficient_storage")
        assert_problem(alice.upload(milk, b"x" * 300_000), 507, "insufficient_storage")

        assert (small.files(), len(files)) == (files, len(made))
        assert alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"] == made
        assert revision_of(alice) == before
        assert alice.get(content_of(made[0])).status_code == 200
        assert alice.patch(f"/api/todos/{milk['id']}/", json={"status": "done"}).status_code == 200
        for one in made:
            assert alice.delete(f"/api/attachments/{one['id']}/").status_code == 204
        alice.attach(milk, b"x" * 40_000)


def test_operators_are_told_before_the_disk_is_full(small: Small, anonymous: Person) -> None:
    anonymous.url = small.url
    assert anonymous.get("/health/ready/").json()["checks"]["files"] == "ok"

    with tiny_disk(small, FULL["its room"]):
        answer = anonymous.get("/health/ready/")

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["files"] == "full"


def test_nothing_is_stored_for_who_is_not_logged_in_or_has_no_csrf_token(
    small: Small, anonymous: Person, alice: Person, milk: Any
) -> None:
    anonymous.fetch_csrf_token()
    files = small.files()

    assert_problem(anonymous.upload(milk, b"x"), 401, "unauthenticated")
    assert_problem(alice.upload(milk, b"x", headers={"X-CSRFToken": "A" * 64}), 403, "csrf_failed")

    assert small.files() == files


@pytest.mark.parametrize("instead", [None, b"a file"], ids=["nothing", "a file"])
def test_where_the_folder_is_away_that_is_said_until_it_is_back(
    small: Small, alice: Person, milk: Any, instead: bytes | None
) -> None:
    made = alice.attach(milk)
    elsewhere = small.media.with_name("elsewhere")
    small.media.rename(elsewhere)
    try:
        if instead:
            small.media.write_bytes(instead)
        answers = [alice.upload(milk, b"x"), alice.get(content_of(made))]
    finally:
        small.media.unlink(missing_ok=True)
        elsewhere.rename(small.media)

    for answer in answers:
        assert_problem(answer, 503, "unavailable")
        assert answer.headers["Retry-After"]
    assert ask(LISTED, milk["id"]) == 1
    assert alice.get(content_of(made)).ok
    alice.attach(milk)


def test_a_body_that_breaks_off_on_the_way_is_forgotten(small: Small, alice: Person, milk: Any) -> None:
    files = small.files()

    with half_sent(alice, milk):
        wait_until(lambda: small.files() > files, 10, "the upload has not begun")

    wait_until(lambda: small.files() == files, 10, "the half of a file lies there still")
    assert ask(LISTED, milk["id"]) == 0


def test_a_transaction_that_fails_leaves_neither_row_nor_file(small: Small, alice: Person, milk: Any) -> None:
    """The connection to the database is cut while the upload, which is on disk, waits to change the user's row."""
    files = small.files()
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        upload = background.submit(alice.upload, milk, b"x")
        wait_until(lambda: ask(WAITING) > 0, 10, "the upload has not reached the row that is locked")
        assert small.files() > files
        ask(CUT)
        assert_problem(upload.result(), 503, "unavailable")

    assert small.files() == files
    assert ask(LISTED, milk["id"]) == 0
