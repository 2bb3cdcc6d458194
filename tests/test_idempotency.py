"""A call with an Idempotency-Key may be sent again: it happens once, and every answer is that of the first."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import requests

from local.waiting import wait_until
from tests.cast import Person
from tests.problems import assert_problem
from tests.routes import UNSAFE, Route, belongings, call
from tests.rows import ask, connect, revision_of

API = [route for route in UNSAFE if route.is_api]
AGE = """
UPDATE core_stored_answer SET created_at = now() - interval '1 day'
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""
FILL = """
INSERT INTO core_stored_answer (id, user_id, key, fingerprint, status, body, etag, created_at, total)
SELECT gen_random_uuid(), core_user.id, key, '', 204, '', '', now(), total
FROM core_user, (VALUES ('oldest', 0), ('newest', %s)) AS filled (key, total) WHERE email = %s RETURNING 1
"""
FORGET = "DELETE FROM core_stored_answer WHERE key = 'oldest' AND user_id = (SELECT id FROM core_user WHERE email = %s)"
STORED = """
SELECT count(*) FROM core_stored_answer WHERE user_id = (SELECT id FROM core_user WHERE email = %s)
"""
KIB = 1024
MOST_BYTES = 256 * KIB**2
LONG = {"title": "Buy oat milk", "description": "x" * 2 * KIB}


def post(person: Person, key: str, name: str = "Groceries") -> requests.Response:
    return person.post("/api/lists/", json={"name": name}, headers={"Idempotency-Key": key})


def names_of_lists(person: Person) -> list[str]:
    return [found["name"] for found in person.lists()]


@pytest.mark.parametrize("route", API, ids=str)
def test_every_unsafe_call_of_the_api_may_be_repeated(alice: Person, route: Route) -> None:
    ids, headers = belongings(alice), {"Idempotency-Key": str(uuid4())}
    first = call(alice, route, ids, headers=headers)
    assert first.ok, first.text
    before = revision_of(alice)

    again = call(alice, route, ids, headers=headers)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers.get("ETag") == first.headers.get("ETag")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert revision_of(alice) == before


@pytest.mark.parametrize("collection", ["/api/lists/", "/api/todos/"])
def test_of_fifty_identical_calls_at_once_one_happens(alice: Person, groceries: Any, collection: str) -> None:
    """And no answer, first or repeated, comes before what it tells of can be read, by a session of its own."""
    body = {"name": "Errands"} if collection == "/api/lists/" else {"title": "Buy milk", "list_id": groceries["id"]}
    already, revision = len(alice.get(collection).json()["results"]), revision_of(alice)
    reader = alice.on_another_device()

    def insist(_: int) -> str:
        headers = {"Idempotency-Key": "once"}
        while (answer := alike(alice).post(collection, json=body, headers=headers)).status_code == 409:
            assert answer.headers["Retry-After"] == "1"
        assert answer.status_code == 201
        assert alike(reader).get(f"{collection}{answer.json()['id']}/").json() == answer.json()
        return answer.text

    with ThreadPoolExecutor(16) as crowd:
        answers = set(crowd.map(insist, range(50)))

    assert len(answers) == 1
    assert len(alice.get(collection).json()["results"]) == already + 1
    assert revision_of(alice) == revision + 1


def alike(person: Person) -> Person:
    """Return a device on a connection of its own, with a person's session."""
    device = Person("device")
    device.cookies.update(person.cookies)
    device.headers.update(person.headers)
    return device


def test_a_key_is_for_one_call_alone(alice: Person) -> None:
    assert post(alice, "once").status_code == 201

    assert_problem(post(alice, "once", "Errands"), 422, "idempotency_key_reused")
    [groceries] = alice.lists()
    headers = {"Idempotency-Key": "once"}
    reused = alice.patch(f"/api/lists/{groceries['id']}/", json={"name": "Groceries"}, headers=headers)
    assert_problem(reused, 422, "idempotency_key_reused")
    assert names_of_lists(alice) == ["Groceries"]


def test_everybody_has_keys_of_their_own(alice: Person, bob: Person) -> None:
    assert post(alice, "once").status_code == post(bob, "once", "Secrets").status_code == 201

    assert (names_of_lists(alice), names_of_lists(bob)) == (["Groceries"], ["Secrets"])


def test_a_call_that_failed_may_be_mended_under_the_same_key(alice: Person) -> None:
    assert_problem(post(alice, "once", ""), 422, "invalid", "/name")

    assert post(alice, "once").status_code == 201


def test_a_key_is_forgotten_after_a_day(alice: Person) -> None:
    post(alice, "once")
    ask(AGE, alice.email)

    assert post(alice, "once", "Errands").status_code == 201
    assert names_of_lists(alice) == ["Groceries", "Errands"]


def test_while_the_first_call_runs_the_second_is_told_so_and_waits_for_nothing(alice: Person) -> None:
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        first = background.submit(post, alice, "once")
        wait_until(someone_waits_for_a_lock, 10, "the first call has not reached the row that is locked")

        assert_problem(post(alike(alice), "once"), 409, "idempotency_in_flight")
        other.rollback()
        assert first.result().status_code == 201

    assert post(alice, "once").text == first.result().text


def someone_waits_for_a_lock() -> bool:
    return bool(ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))


def test_an_answer_and_its_change_are_stored_together_or_not_at_all(alice: Person) -> None:
    """The connection is cut while the call waits to change the user's row."""
    with ThreadPoolExecutor(1) as background, connect() as other:
        other.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        call = background.submit(post, alice, "once")
        wait_until(someone_waits_for_a_lock, 10, "the call has not reached the row that is locked")
        ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        assert_problem(call.result(), 503, "unavailable")
        other.rollback()
    assert (ask(STORED, alice.email), names_of_lists(alice)) == (0, [])

    assert post(alice, "once").status_code == 201
    assert names_of_lists(alice) == ["Groceries"]


@pytest.mark.parametrize("key", ["", '""', "x" * 201, "two words", "tab\there", "é", '"open', "\x7f"])
def test_what_is_no_key_is_refused(alice: Person, key: str) -> None:
    answer = alice.post("/api/lists/", json={"name": "Groceries"}, headers={"Idempotency-Key": key.encode()})

    assert answer.status_code in {400, 422}
    assert names_of_lists(alice) == []


def test_a_quoted_key_is_the_same_key(alice: Person) -> None:
    assert post(alice, '"once"').text == post(alice, "once").text


def test_there_is_room_for_so_many_bytes_of_answers_and_then_nothing_is_done(alice: Person, bob: Person) -> None:
    leave_room(alice, 3 * KIB)
    first = post(alice, "once")
    assert alice.post("/api/todos/", json=LONG, headers={"Idempotency-Key": "long"}).status_code == 201
    before = revision_of(alice)

    refused = post(alice, "full", "Errands")

    assert "256 MiB" in assert_problem(refused, 429, "rate_limited")["detail"]
    assert refused.headers["Retry-After"] == "3600"
    assert (revision_of(alice), names_of_lists(alice)) == (before, ["Groceries"])
    assert post(alice, "once").text == first.text
    assert alice.post("/api/lists/", json={"name": "Errands"}).status_code == 201
    assert post(bob, "full").status_code == 201


def test_an_answer_counts_as_a_kibibyte_at_least(alice: Person) -> None:
    leave_room(alice, 2 * KIB)

    assert [post(alice, key).status_code for key in "abc"] == [201, 201, 429]


def test_old_answers_make_room_when_they_are_deleted(alice: Person) -> None:
    leave_room(alice, 0)
    assert_problem(post(alice, "full"), 429, "rate_limited")

    with connect() as connection:
        assert connection.execute(FORGET, [alice.email]).rowcount == 1

    assert post(alice, "full").status_code == 201


def leave_room(person: Person, count: int) -> None:
    """Let as many bytes be left as if the answers of a day took all others."""
    assert ask(FILL, MOST_BYTES - count, person.email)


def test_a_safe_call_takes_no_notice_of_a_key(alice: Person) -> None:
    headers = {"Idempotency-Key": "once"}
    assert alice.get("/api/todos/", headers=headers).json()["results"] == []
    todo = alice.make_todo(alice.make_list())

    assert alice.get("/api/todos/", headers=headers).json()["results"] == [todo]


def test_credentials_are_never_kept_as_an_answer(alice: Person) -> None:
    headers = {"Idempotency-Key": "once"}
    new: dict[str, Any] = {"name": "Backup script", "scopes": ["read"]}
    tokens = {alice.post("/auth/tokens/", json=new, headers=headers).json()["token"] for _ in range(2)}

    assert len(tokens) == 2
    assert ask(STORED, alice.email) == 0
