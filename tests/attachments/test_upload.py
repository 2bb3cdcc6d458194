"""Uploading: what is kept of a file, and what is refused."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.accounts.test_api_tokens import program
from tests.attachments.broken import half_sent
from tests.attachments.samples import HARMLESS, HTML, MIB, NEVER_AS_THEMSELVES, PNG
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import revision_of

BAD_NAMES = {
    "a path": ("../../etc/passwd", "invalid_file_name"),
    "a path inside": ("etc/passwd", "invalid_file_name"),
    "a path of another system": ("C:\\boot.ini", "invalid_file_name"),
    "a folder": ("receipts/", "invalid_file_name"),
    "this folder": (".", "invalid_file_name"),
    "the folder above": ("..", "invalid_file_name"),
    "a hidden file": (".htaccess", "invalid_file_name"),
    "a hidden file behind a space": (" .htaccess", "invalid_file_name"),
    "a dot at the end": ("evil.exe.", "invalid_file_name"),
    "dots and spaces at the end": ("evil.exe. .", "invalid_file_name"),
    "nothing but spaces": ("   ", "too_short"),
    "a new line": ('a"\r\nSet-Cookie: sessionid=mine', "control_character"),
    "a control character": ("bell\x07", "control_character"),
    "one of the second row": ("next\x85line", "control_character"),
    "a line separator": ("a\u2028b", "control_character"),
    "text turned around": ("invoice\u202efdp.exe", "direction_control"),
    "isolated text": ("a\u2066b\u2069", "direction_control"),
    "a mark of direction": ("a\u200fb", "invalid_file_name"),
    "what is not seen": ("\u200b", "invisible"),
    "a blank letter": ("\u3164", "invisible"),
    "what is not seen between letters": ("a\u200bb", "invalid_file_name"),
    "a byte order mark": ("\ufeffa", "invalid_file_name"),
    "no character": ("a\ufdd0", "noncharacter"),
    "a tower of marks": ("Z" + "\u0301" * 31, "too_many_marks"),
}


def test_an_upload_is_answered_with_what_is_known_of_the_file(alice: Person, milk: Any) -> None:
    made = alice.attach(milk, PNG, "Receipt.png")

    assert made == {
        "id": made["id"],
        "todo_id": milk["id"],
        "name": "Receipt.png",
        "size": len(PNG),
        "content_type": "image/png",
        "sha256": hashlib.sha256(PNG).hexdigest(),
        "created_at": made["created_at"],
    }
    assert alice.get(f"/api/attachments/{made['id']}/").json() == made


def test_the_attachments_of_a_todo_are_listed_oldest_first(alice: Person, groceries: Any, milk: Any) -> None:
    made = [alice.attach(milk, name=f"{number}.txt") for number in range(3)]
    alice.attach(alice.make_todo(groceries, "Buy bread"))

    assert alice.get(f"/api/todos/{milk['id']}/attachments/").json() == {"results": made}


def test_an_upload_leaves_the_todo_as_it_is_and_moves_the_revision(alice: Person, milk: Any) -> None:
    before = revision_of(alice)

    alice.attach(milk)

    assert revision_of(alice) == before + 1
    assert alice.get(f"/api/todos/{milk['id']}/").json() == milk


def test_a_program_uploads_with_its_token(alice: Person, milk: Any) -> None:
    script = program(alice.make_token("read", "write")["token"])

    assert script.attach(milk) in script.get(f"/api/todos/{milk['id']}/attachments/").json()["results"]


# --- types ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content_type", "content"), HARMLESS.items(), ids=HARMLESS.keys())
def test_a_known_type_is_told_from_the_content(alice: Person, milk: Any, content_type: str, content: bytes) -> None:
    assert alice.attach(milk, content, "anything")["content_type"] == content_type


@pytest.mark.parametrize("content", NEVER_AS_THEMSELVES.values(), ids=NEVER_AS_THEMSELVES.keys())
def test_all_else_is_nothing_but_bytes(alice: Person, milk: Any, content: bytes) -> None:
    answer = alice.upload(milk, content, "photo.png", headers={"Content-Type": "image/png"})

    assert answer.json()["content_type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "said",
    [
        None,
        "text/html",
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/mixed; boundary=x",
        "nonsense",
        "image/png; charset=nope",
    ],
)
def test_what_the_client_calls_its_content_makes_no_difference(alice: Person, milk: Any, said: str | None) -> None:
    content = b'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\nmine\r\n--x--\r\n'

    answer = alice.upload(milk, content, headers={"Content-Type": said})

    assert answer.status_code == 201
    assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("said", ["multipart/form-data; boundary=x", "multipart/form-data", "Multipart/Form-Data"])
def test_a_form_is_refused_because_the_file_would_be_kept_with_its_wrapping(
    alice: Person, milk: Any, said: str
) -> None:
    wrapped = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nmilk\r\n--x--\r\n'

    assert_problem(alice.upload(milk, wrapped, headers={"Content-Type": said}), 415, "unsupported_media_type")
    assert alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"] == []


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "Rechnung für März.pdf",
        "领収書.png",
        "🐈\u200d⬛.jpg",
        'the "best" 100%.txt',
        "a;b=c'd.txt",
        "x" * 255,
        "🐈" * 255,
    ],
)
def test_a_name_comes_back_as_it_was_given(alice: Person, milk: Any, name: str) -> None:
    assert alice.attach(milk, name=name)["name"] == name


def test_a_name_is_kept_in_its_composed_form(alice: Person, milk: Any) -> None:
    assert alice.attach(milk, name="Cafe\u0301.txt")["name"] == "Caf\u00e9.txt"


def test_space_around_a_name_is_taken_off(alice: Person, milk: Any) -> None:
    assert alice.attach(milk, name=" My receipt.txt\n")["name"] == "My receipt.txt"


@pytest.mark.parametrize(("name", "code"), BAD_NAMES.values(), ids=BAD_NAMES.keys())
def test_a_name_that_is_a_trap_is_refused(alice: Person, milk: Any, name: str, code: str) -> None:
    body = assert_problem(alice.upload(milk, PNG, name), 422, "invalid", "/name")

    assert body["errors"][0]["code"] == code
    assert alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"] == []


@pytest.mark.parametrize("name", ["", "x" * 256, "x" * 300, "a\x00.png"], ids=["none", "256", "300", "NUL"])
def test_a_name_of_the_wrong_length_or_with_nul_is_refused(alice: Person, milk: Any, name: str) -> None:
    assert_problem(alice.upload(milk, PNG, name), 422, "invalid", "/name")


def test_a_name_that_grows_too_long_when_composed_is_refused(alice: Person, milk: Any) -> None:
    assert_problem(alice.upload(milk, PNG, "\u0958" * 255), 422, "invalid", "/name")


@pytest.mark.parametrize(
    ("query", "pointer"), [("", "/name"), ("?name=a&name=b", "/name"), ("?name=a&type=text/html", "/type")]
)
def test_the_name_is_given_once_and_nothing_besides(alice: Person, milk: Any, query: str, pointer: str) -> None:
    answer = alice.post(f"/api/todos/{milk['id']}/attachments/{query}", data=PNG)

    assert_problem(answer, 422, "invalid", pointer)


def test_a_name_that_is_no_utf8_is_refused(alice: Person, milk: Any) -> None:
    assert_problem(alice.post(f"/api/todos/{milk['id']}/attachments/?name=%ff.png", data=PNG), 422, "invalid", "/name")


# --- sizes ----------------------------------------------------------------------------------------


def in_chunks(content: bytes) -> Iterator[bytes]:
    yield from (content[start : start + 100_000] for start in range(0, len(content), 100_000))


@pytest.mark.parametrize("send", [bytes, in_chunks], ids=["with its length", "in chunks"])
def test_ten_mebibytes_are_taken_and_one_byte_more_is_not(alice: Person, milk: Any, send: Any) -> None:
    most = b"\x00\x01" * (5 * MIB)

    assert alice.attach(milk, send(most))["sha256"] == hashlib.sha256(most).hexdigest()
    assert_problem(alice.upload(milk, send(most + b"\x00")), 413, "body_too_large")
    assert len(alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"]) == 1


@pytest.mark.parametrize("content", [b"", iter([])], ids=["with its length", "in chunks"])
def test_an_empty_file_is_refused(alice: Person, milk: Any, content: Any) -> None:
    answer = alice.upload(milk, content)

    assert assert_problem(answer, 422, "invalid", "")["errors"][0]["code"] == "too_short"


def test_other_paths_take_no_more_than_before(alice: Person, milk: Any) -> None:
    for path in ("/api/todos/", f"/api/todos/{milk['id']}/", f"/api/todos/{milk['id']}/attachments/x/"):
        assert_problem(alice.post(path, data=b"x" * (MIB + 1)), 413, "body_too_large")


def test_an_upload_that_breaks_off_leaves_nothing(alice: Person, milk: Any) -> None:
    before = revision_of(alice)

    with half_sent(alice, milk):
        pass

    assert alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"] == []
    assert revision_of(alice) == before


def test_a_large_upload_that_is_refused_is_told_why(anonymous: Person, milk: Any) -> None:
    answers = [anonymous.upload(milk, b"x" * (5 * MIB)) for _ in range(20)]

    for answer in answers:
        assert_problem(answer, 403, "csrf_failed")


# --- whose todo it is -----------------------------------------------------------------------------


def test_nothing_is_attached_to_a_todo_of_someone_else(bob: Person, milk: Any) -> None:
    assert_problem(bob.upload(milk, PNG), 404, "not_found")
    assert_problem(bob.get(f"/api/todos/{milk['id']}/attachments/"), 404, "not_found")


# --- once more ------------------------------------------------------------------------------------


def test_an_upload_may_be_repeated_under_a_key(alice: Person, milk: Any) -> None:
    def upload(content: bytes = HTML, name: str = "page.html") -> requests.Response:
        return alice.upload(milk, content, name, headers={"Idempotency-Key": "once"})

    first, again = upload(), upload()

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert_problem(upload(HTML + b" "), 422, "idempotency_key_reused")
    assert_problem(upload(name="other.html"), 422, "idempotency_key_reused")
    assert alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"] == [first.json()]
