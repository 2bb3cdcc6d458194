"""How much there may be: 1,000 lists of a user and 10,000 todos of a list, exactly, what is in the trash included."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, LiteralString

import pytest
import requests

from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, connect, revision_of

LISTS = """
INSERT INTO core_list (id, user_id, name, color, position, is_archived, created_at, updated_at)
SELECT gen_random_uuid(), core_user.id, 'List ' || n, '#808080', '0' || to_hex(n) || '1', false, now(), now()
FROM core_user, generate_series(1, %s) AS n WHERE email = %s
"""
TODOS = """
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, position, created_at, updated_at)
SELECT gen_random_uuid(), user_id, core_list.id, 'Todo ' || n, '', 'todo', 0, '0' || to_hex(n) || '1', now(), now()
FROM core_list, generate_series(1, %s) AS n WHERE core_list.id = %s
"""


def fill(statement: LiteralString, count: int, whose: str) -> None:
    with connect() as connection:
        assert connection.execute(statement, [count, whose]).rowcount == count


def assert_full(answer: requests.Response, limit: str) -> None:
    assert limit in assert_problem(answer, 409, "quota_exceeded")["detail"]


def new_list(person: Person, _: Any = None) -> requests.Response:
    return person.post("/api/lists/", json={"name": "Errands"})


def new_todo(person: Person, one: Any) -> requests.Response:
    return person.post("/api/todos/", json={"title": "Buy oat milk", "list_id": one["id"]})


@pytest.fixture
def crowded(alice: Person) -> Person:
    """Return someone who may have one more list: there are 998 and the inbox."""
    fill(LISTS, 998, alice.email)
    return alice


@pytest.fixture
def stuffed(groceries: Any) -> Any:
    """Return a list that may hold one more todo."""
    fill(TODOS, 9_999, groceries["id"])
    return groceries


def test_there_is_room_for_the_thousandth_list_and_for_no_more(crowded: Person) -> None:
    last = new_list(crowded)
    before = revision_of(crowded)

    assert last.status_code == 201
    assert_full(new_list(crowded), "1,000 lists")
    assert_full(crowded.post(f"/api/lists/{last.json()['id']}/duplicate/", json={}), "1,000 lists")
    assert revision_of(crowded) == before


def test_a_deleted_list_takes_its_room_into_the_trash(crowded: Person) -> None:
    crowded.delete(f"/api/lists/{new_list(crowded).json()['id']}/")

    assert_full(new_list(crowded), "1,000 lists")


def test_of_two_last_lists_at_once_one_is_made(crowded: Person) -> None:
    assert sorted(answer.status_code for answer in both(crowded, new_list, None)) == [201, 409]


def both(person: Person, make: Any, one: Any) -> list[requests.Response]:
    devices, together = [person, person.on_another_device()], Barrier(2, timeout=20)

    def at_once(device: Person) -> Any:
        together.wait()
        return make(device, one)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(at_once, devices))


def test_there_is_room_for_the_ten_thousandth_todo_and_for_no_more(alice: Person, stuffed: Any) -> None:
    elsewhere = alice.make_todo(alice.make_list("Errands"))
    last = new_todo(alice, stuffed)
    assert last.status_code == 201
    before = revision_of(alice)

    assert_full(new_todo(alice, stuffed), "10,000 todos")
    assert_full(alice.patch(f"/api/todos/{elsewhere['id']}/", json={"list_id": stuffed["id"]}), "10,000 todos")
    alice.delete(f"/api/todos/{last.json()['id']}/")
    assert_full(new_todo(alice, stuffed), "10,000 todos")
    assert revision_of(alice) == before + 1


def test_the_last_room_may_be_taken_by_moving_and_a_change_in_place_takes_none(alice: Person, stuffed: Any) -> None:
    todo = alice.make_todo(alice.make_list("Errands"))
    path = f"/api/todos/{todo['id']}/"

    assert alice.patch(path, json={"list_id": stuffed["id"]}).status_code == 200
    assert alice.patch(path, json={"list_id": stuffed["id"], "title": "Buy rye"}).status_code == 200


def test_of_two_last_todos_at_once_one_is_made(alice: Person, stuffed: Any) -> None:
    assert sorted(answer.status_code for answer in both(alice, new_todo, stuffed)) == [201, 409]


def test_a_full_list_of_someone_else_looks_like_a_missing_one(alice: Person, bob: Person, stuffed: Any) -> None:
    new_todo(alice, stuffed)
    todo = bob.make_todo(bob.make_list())

    assert_problem(new_todo(bob, stuffed), 422, "invalid", "/list_id")
    moved = bob.patch(f"/api/todos/{todo['id']}/", json={"list_id": stuffed["id"]})
    assert_problem(moved, 422, "invalid", "/list_id")


def test_a_full_list_is_copied_whole(alice: Person, stuffed: Any) -> None:
    new_todo(alice, stuffed)

    copy = alice.post(f"/api/lists/{stuffed['id']}/duplicate/", json={}).json()

    assert ask("SELECT count(*) FROM core_todo WHERE list_id = %s", copy["id"]) == 10_000
    assert_full(new_todo(alice, copy), "10,000 todos")
