"""Where bodies may be large: nginx takes all of one before it bothers the application."""

import os
import socket
import subprocess
from contextlib import ExitStack

import pytest

from tests.edge.conftest import Start
from tests.edge.gateway import Gateway
from tests.edge.test_headers import assert_every_header_once

ATTACHMENTS = "/api/todos/019aac42-5d17-7e02-a1b8-90c3d4e5f607/attachments/"
MOST = 10 * 1024 * 1024


@pytest.mark.parametrize("path", [ATTACHMENTS, ATTACHMENTS.rstrip("/"), ATTACHMENTS.replace("att", "%61tt")])
def test_an_attachment_may_have_ten_mebibytes(edge: Gateway, path: str) -> None:
    taken, refused = (edge.ask(f"{path}?name=a", "POST", b"x" * size) for size in (MOST, MOST + 1))

    assert dict(taken.json["headers"])["Content-Length"] == str(MOST)
    assert (refused.status, refused.json["code"]) == (413, "body_too_large")
    assert_every_header_once(refused)


@pytest.mark.parametrize(
    "path", ["/api/todos/attachments/", "/api/attachments/", "/api/lists/x/attachments/", "/auth/"]
)
def test_nothing_else_may(edge: Gateway, path: str) -> None:
    assert edge.ask(path, "POST", b"x" * (1024 * 1024 + 1)).status == 413


@pytest.mark.parametrize("path", [ATTACHMENTS, "/api/imports/"])
def test_while_the_application_is_away_no_body_is_taken(start: Start, unused_port: int, path: str) -> None:
    edge = start(unused_port)

    answer = edge.send(f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {MOST}\r\n\r\n".encode())

    assert (answer.status, answer.json["status"], answer.json["code"]) == (502, 502, "bad_gateway")
    assert_every_header_once(answer)


@pytest.mark.parametrize("status", [400, 403, 500, 502, 503, 504])
def test_a_refusal_without_reasons_keeps_its_status(edge: Gateway, status: int) -> None:
    answer = edge.ask(ATTACHMENTS, "POST", b"x", X_Admission=str(status))

    assert (answer.status, answer.json["status"]) == (status, status)
    assert_every_header_once(answer)


def test_the_application_is_asked_only_about_requests_that_have_a_body(edge: Gateway) -> None:
    bare, with_body = (edge.ask(ATTACHMENTS, "GET", body, X_Admission="403") for body in (b"", b"x"))

    assert (bare.status, with_body.status) == (200, 403)


def test_an_upload_counts_as_any_other_call(start: Start) -> None:
    edge = start()

    answers = [edge.ask(ATTACHMENTS, "POST", b"x") for _ in range(30)]

    assert {answer.status for answer in answers} == {200, 429}
    assert {answer.only("Retry-After") for answer in answers if answer.status == 429} == {"1"}


def test_where_nginx_has_no_room_for_a_body_that_is_said(start: Start) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system to fill")
    edge = start()
    folder = str(edge.folder / "nginx" / "temp_body")
    mount = ("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)
    mounted = subprocess.run(mount, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed command
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        full, small = edge.ask(ATTACHMENTS, "POST", b"x" * 2**20), edge.ask(ATTACHMENTS, "POST", b"x")
    finally:
        subprocess.run(("umount", folder), check=True)  # noqa: S603, S607 - a fixed command

    assert (full.status, full.json["status"], full.json["code"]) == (507, 507, "insufficient_storage")
    assert_every_header_once(full)
    assert small.status == 200


def test_one_address_sends_two_files_of_any_size_at_once(start: Start) -> None:
    edge = start()
    head = b"POST /api/imports/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    with ExitStack() as slow:
        for _ in range(2):
            connection = slow.enter_context(socket.create_connection(("127.0.0.1", edge.port), timeout=10))
            connection.sendall(head)
            assert connection.recv(100).startswith(b"HTTP/1.1 100")

        assert edge.ask("/api/imports/", "POST", b"x").status == 429
        assert edge.ask("/api/export/").status == 429
        assert edge.ask("/api/lists/").status == 200
