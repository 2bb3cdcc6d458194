"""Downloading: the file as it was, for its owner alone, and never as a page of ours."""

import hashlib
from typing import Any

import pytest
import requests

from tests.accounts.test_api_tokens import program
from tests.attachments.samples import HARMLESS, HTML, PNG
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask

ONCE = (
    "Content-Type",
    "Content-Disposition",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Cross-Origin-Resource-Policy",
    "Cache-Control",
    "ETag",
    "X-Frame-Options",
    "X-Request-ID",
)
FILE = "SELECT file FROM core_attachment WHERE id = %s"


def content_of(attachment: Any) -> str:
    return f"/api/attachments/{attachment['id']}/content/"


def lines(answer: requests.Response, name: str) -> list[str]:
    """Return the value of each header line of this name."""
    return answer.raw.headers.getlist(name)


@pytest.mark.parametrize(("content_type", "content"), [*HARMLESS.items(), ("application/octet-stream", HTML)])
def test_a_file_comes_back_as_a_download_of_its_own_type(
    alice: Person, milk: Any, content_type: str, content: bytes
) -> None:
    answer = alice.get(content_of(alice.attach(milk, content, "a file.txt")))

    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a file.txt"'


def test_every_header_that_keeps_it_harmless_stands_there_once(alice: Person, milk: Any) -> None:
    answer = alice.get(content_of(alice.attach(milk, PNG + HTML, "photo.png")))

    assert {name: len(lines(answer, name)) for name in ONCE} == dict.fromkeys(ONCE, 1)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, max-age=2592000, immutable"
    assert answer.headers["ETag"] == f'"{hashlib.sha256(PNG + HTML).hexdigest()}"'
    assert "X-Accel-Redirect" not in answer.headers


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("März.pdf", "filename=\"M_rz.pdf\"; filename*=utf-8''M%C3%A4rz.pdf"),
        ("领収書.png", "filename=\"___.png\"; filename*=utf-8''%E9%A2%86%E5%8F%8E%E6%9B%B8.png"),
        ('the "best" 100%.txt', 'filename="the \\"best\\" 100%.txt"'),
        ("a;b=c'd.txt", 'filename="a;b=c\'d.txt"'),
    ],
)
def test_any_name_survives_the_header(alice: Person, milk: Any, name: str, told: str) -> None:
    answer = alice.get(content_of(alice.attach(milk, name=name)))

    assert answer.headers["Content-Disposition"] == f"attachment; {told}"


def test_a_download_that_broke_goes_on_where_it_was(alice: Person, milk: Any) -> None:
    made = alice.attach(milk, bytes(range(256)) * 100)
    part = {"Range": "bytes=10000-10009"}

    answer = alice.get(content_of(made), headers=part)
    with_tag = alice.get(content_of(made), headers=part | {"If-Range": f'"{made["sha256"]}"'})
    of_another = alice.get(content_of(made), headers=part | {"If-Range": '"something else"'})
    beyond = alice.get(content_of(made), headers={"Range": "bytes=30000-"})

    assert (answer.status_code, answer.headers["Content-Range"]) == (206, "bytes 10000-10009/25600")
    assert answer.content == with_tag.content == bytes(range(16, 26))
    assert (of_another.status_code, len(of_another.content)) == (200, 25600)
    assert_problem(beyond, 416, "range_not_satisfiable")
    assert beyond.headers["Content-Range"] == "bytes */25600"


def test_many_parts_at_once_are_answered_with_the_whole(alice: Person, milk: Any) -> None:
    made = alice.attach(milk, b"x" * 1000)

    answer = alice.get(content_of(made), headers={"Range": "bytes=0-1,3-4,6-7"})

    assert (answer.status_code, len(answer.content)) == (200, 1000)


def test_the_head_alone_may_be_asked_for(alice: Person, milk: Any) -> None:
    answer = alice.head(content_of(alice.attach(milk, PNG)))

    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["Content-Length"], answer.headers["Content-Type"]) == (str(len(PNG)), "image/png")


@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"x", "{}"', "*"])
def test_who_has_it_already_is_told_so(alice: Person, milk: Any, tag: str) -> None:
    made = alice.attach(milk, PNG)

    answer = alice.get(content_of(made), headers={"If-None-Match": tag.format(made["sha256"])})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == f'"{made["sha256"]}"'
    assert lines(answer, "Cache-Control") == ["private, max-age=2592000, immutable"]
    assert alice.get(content_of(made), headers={"If-None-Match": '"x"'}).content == PNG


def test_a_stranger_finds_nothing_and_learns_nothing(alice: Person, bob: Person, milk: Any) -> None:
    made = alice.attach(milk, PNG)
    tag = {"If-None-Match": f'"{made["sha256"]}"'}

    for path in (f"/api/attachments/{made['id']}/", content_of(made)):
        foreign = assert_problem(bob.get(path, headers=tag), 404, "not_found")
        missing = assert_problem(bob.get(path.replace(made["id"], milk["id"]), headers=tag), 404, "not_found")
        assert foreign | {"request_id": ""} == missing | {"request_id": ""}


def test_a_program_needs_the_scope_to_read(alice: Person, milk: Any) -> None:
    made = alice.attach(milk, PNG)

    assert program(alice.make_token("read")["token"]).get(content_of(made)).content == PNG
    writer = program(alice.make_token("write")["token"])
    assert_problem(writer.get(content_of(made)), 403, "insufficient_scope")


@pytest.mark.parametrize("prefix", ["/media/", "//media/", "/api/../media/", "/%6dedia/", "/static/../media/"])
def test_nobody_opens_a_file_past_the_application(alice: Person, milk: Any, prefix: str) -> None:
    file = ask(FILE, alice.attach(milk, PNG)["id"])
    forged = {"X-Accel-Redirect": f"/media/attachments/{file[:2]}/{file}", "X-Original-URL": "/api/", "X-Sendfile": "/"}

    answer = alice.get(f"{prefix}attachments/{file[:2]}/{file}", headers=forged)

    assert_problem(answer, 404, "not_found")
    assert alice.get("/api/todos/", headers=forged).json()["results"][0]["id"] == milk["id"]


def test_files_have_names_that_nobody_guesses(alice: Person, milk: Any) -> None:
    files = {ask(FILE, alice.attach(milk, PNG)["id"]) for _ in range(3)}

    assert len(files) == 3
    assert {len(file) for file in files} == {64}
    assert hashlib.sha256(PNG).hexdigest() not in files
