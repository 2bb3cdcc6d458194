"""Keys for programs."""

import re
from typing import Any

import pytest

from app.accounts.tokens import ALPHABET, checksum
from tests.accounts.audit import events_of
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, disable

EXPIRE = "UPDATE core_api_token SET expires_at = now() WHERE id = %s RETURNING id"


def program(token: str) -> Person:
    """Return a client that shows a token and keeps no cookies."""
    program = Person("program")
    program.headers["Authorization"] = f"Bearer {token}"
    return program


def test_a_token_is_shown_once_and_stored_only_as_its_hash(alice: Person) -> None:
    made = alice.make_token()
    [listed] = alice.get("/auth/tokens/").json()["results"]

    assert re.fullmatch(r"doable_[0-9A-Za-z]{49}", made["token"])
    assert {**listed, "token": made["token"]} == made
    stored = "SELECT token_hash = sha256(%s::bytea) FROM core_api_token WHERE id = %s"
    assert ask(stored, made["token"], made["id"]) is True


def test_a_program_reads_and_writes_without_cookie_and_csrf_token(alice: Person) -> None:
    script = program(alice.make_token("read", "write")["token"])

    made = script.post("/api/lists/", json={"name": "Groceries"})

    assert made.status_code == 201
    assert script.lists() == [made.json()] == alice.lists()
    assert not script.cookies


@pytest.mark.parametrize(("scope", "reads", "writes"), [("read", 200, 403), ("write", 403, 201)])
def test_a_token_does_what_its_scopes_say_and_no_more(alice: Person, scope: str, reads: int, writes: int) -> None:
    script = program(alice.make_token(scope)["token"])

    got, posted = script.get("/api/lists/"), script.post("/api/lists/", json={"name": "Groceries"})

    assert (got.status_code, posted.status_code) == (reads, writes)
    assert_problem(got if reads == 403 else posted, 403, "insufficient_scope")


def test_a_token_beside_a_session_cookie_is_one_too_many(alice: Person) -> None:
    alice.headers["Authorization"] = f"Bearer {alice.make_token()['token']}"

    assert_problem(alice.get("/api/lists/"), 400, "ambiguous_credentials")
    assert_problem(alice.post("/api/lists/", json={"name": "Groceries"}), 400, "ambiguous_credentials")


@pytest.mark.parametrize("change", ["cut", "longer", "last", "case", "prefix", "empty", "space", "basic", "é"])
def test_a_token_that_is_not_quite_right_is_refused(alice: Person, change: str) -> None:
    token = alice.make_token()["token"]
    given = {
        "cut": token[:-1],
        "longer": token + "0",
        "last": token[:-1] + ALPHABET[(ALPHABET.index(token[-1]) + 1) % 62],
        "case": token.swapcase(),
        "prefix": token.removeprefix("doable_"),
        "empty": "",
        "space": f" {token}",
        "basic": "Zm9vOmJhcg==",
        "é": "é" * 56,
    }[change]
    script = Person("program")
    script.headers["Authorization"] = f"Bearer {given}".encode()

    assert_problem(script.get("/api/lists/"), 401, "unauthenticated")


def test_a_token_with_the_right_checksum_that_nobody_has_is_refused() -> None:
    secret = "a" * 43

    assert_problem(program(f"doable_{secret}{checksum(secret)}").get("/api/lists/"), 401, "unauthenticated")


def test_a_token_ends_when_its_time_has_come(alice: Person) -> None:
    token = alice.make_token()
    ask(EXPIRE, token["id"])

    assert_problem(program(token["token"]).get("/api/lists/"), 401, "unauthenticated")


def test_a_token_ends_when_it_is_deleted(alice: Person) -> None:
    token = alice.make_token()
    script = program(token["token"])
    assert script.get("/api/lists/").status_code == 200

    assert alice.delete(f"/auth/tokens/{token['id']}/").status_code == 204

    assert script.get("/api/lists/").status_code == 401
    assert alice.get("/auth/tokens/").json() == {"results": []}
    assert events_of(alice)[-2:] == ["token_created", "token_revoked"]


def test_a_closed_account_is_closed_to_its_programs(alice: Person) -> None:
    script = program(alice.make_token()["token"])
    disable(alice)

    assert script.get("/api/lists/").status_code == 401


def test_the_last_use_is_shown(alice: Person) -> None:
    token = alice.make_token()
    assert token["last_used_at"] is None

    program(token["token"]).get("/api/lists/")

    [listed] = alice.get("/auth/tokens/").json()["results"]
    assert listed["last_used_at"] > listed["created_at"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["admin"]}, "/scopes"),
        ({"scopes": ["read", "write", "read"]}, "/scopes"),
        ({"name": ""}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"expires_in_days": 0}, "/expires_in_days"),
        ({"expires_in_days": 366}, "/expires_in_days"),
        ({"token": "of my own choice"}, "/token"),
    ],
)
def test_a_token_that_could_not_be_meant_is_refused(alice: Person, wrong: Any, pointer: str) -> None:
    answer = alice.post("/auth/tokens/", json={"name": "Backup script", "scopes": ["read"], **wrong})

    assert_problem(answer, 422, "invalid", pointer)


def test_nobody_sees_or_deletes_the_tokens_of_others(alice: Person, bob: Person) -> None:
    token = alice.make_token()

    assert bob.get("/auth/tokens/").json() == {"results": []}
    assert_problem(bob.delete(f"/auth/tokens/{token['id']}/"), 404, "not_found")


def test_there_may_be_fifty(alice: Person) -> None:
    for _ in range(50):
        token = alice.make_token()

    answer = alice.post("/auth/tokens/", json={"name": "One more", "scopes": ["read"]})
    assert_problem(answer, 409, "quota_exceeded")
    alice.delete(f"/auth/tokens/{token['id']}/")
    assert alice.make_token()


def test_a_token_sees_nothing_of_others(alice: Person, bob: Person) -> None:
    secret = alice.make_list("Secrets")
    script = program(bob.make_token()["token"])

    assert script.lists() == []
    assert_problem(script.get(f"/api/lists/{secret['id']}/"), 404, "not_found")
