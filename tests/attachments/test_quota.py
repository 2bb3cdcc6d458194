"""How much may be stored: to the byte, however many uploads come at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.attachments.samples import MIB
from tests.attachments.small import Small
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, revision_of

FILL = """
WITH made AS (
    INSERT INTO core_attachment (id, user_id, todo_id, name, size, content_type, sha256, file, created_at)
    SELECT gen_random_uuid(), user_id, id, 'a', 1, '', '', md5(random()::text) || md5(random()::text), now()
    FROM core_todo, generate_series(1, 99) WHERE id = %s RETURNING id
) SELECT count(*) FROM made
"""


@pytest.fixture(scope="module")
def app(small: Small) -> str:
    return small.url


def test_the_last_byte_may_be_used_and_none_beyond(alice: Person, milk: Any) -> None:
    alice.attach(milk, b"x" * (MIB - 5000))

    over = assert_problem(alice.upload(milk, b"x" * 5001), 409, "quota_exceeded")
    assert "1 byte more" in over["detail"]
    last = alice.attach(milk, b"x" * 5000)
    assert_problem(alice.upload(milk, b"x"), 409, "quota_exceeded")
    alice.delete(f"/api/attachments/{last['id']}/")
    assert alice.upload(milk, b"x").status_code == 201


@pytest.mark.parametrize("size", [1, 4095, 4096])
def test_a_file_counts_as_four_kibibytes_at_least(alice: Person, milk: Any, size: int) -> None:
    large = alice.attach(milk, b"x" * (MIB - 4096))

    alice.attach(milk, b"x" * size)
    assert_problem(alice.upload(milk, b"x"), 409, "quota_exceeded")
    alice.delete(f"/api/attachments/{large['id']}/")
    alice.attach(milk, b"x" * (MIB - 4097))
    over = assert_problem(alice.upload(milk, b"x" * size), 409, "quota_exceeded")
    assert "4095 bytes more" in over["detail"]


@pytest.mark.parametrize("size", [MIB // 8, 1], ids=["large", "tiny"])
def test_of_twenty_uploads_at_once_as_many_pass_as_there_is_room_for(
    small: Small, alice: Person, milk: Any, size: int
) -> None:
    already = 1 if size > 1 else MIB - 8 * 4096 + 1
    alice.attach(milk, b"x" * already)
    before, files = revision_of(alice), small.files()

    def upload(_: int) -> int:
        device = Person("device", alice.url)
        device.cookies.update(alice.cookies)
        device.headers.update(alice.headers)
        return device.upload(milk, b"x" * size).status_code

    with ThreadPoolExecutor(20) as crowd:
        answers = Counter(crowd.map(upload, range(20)))

    assert answers == {201: 7, 409: 13}
    assert len(alice.get(f"/api/todos/{milk['id']}/attachments/").json()["results"]) == 1 + 7
    assert len(small.files() - files) == 7
    assert revision_of(alice) == before + 7


def test_one_users_files_take_no_room_from_another(alice: Person, bob: Person, milk: Any) -> None:
    alice.attach(milk, b"x" * MIB)

    bob.attach(bob.make_todo(bob.make_list()), b"x" * MIB)


def test_a_todo_has_a_hundred_attachments_at_most(alice: Person, groceries: Any, milk: Any) -> None:
    assert ask(FILL, milk["id"]) == 99

    alice.attach(milk)
    assert_problem(alice.upload(milk, b"x"), 409, "quota_exceeded")
    alice.attach(alice.make_todo(groceries, "Buy bread"))
