"""A session holds while it should, and not a moment longer, whatever happens to Redis."""

import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password

from local.waiting import wait_until
from tests.cast import Person, created
from tests.drill import size
from tests.problems import assert_problem
from tests.rows import ask, connect
from tests.servers import second_app
from tests.stores import FragileRedis, contents

Crowd = list[Person]


@pytest.fixture(scope="module")
def app(redis: FragileRedis) -> Iterator[str]:
    with second_app(REDIS_URL=redis.url) as url:
        yield url


@pytest.fixture(scope="module")
def crowd(app: str) -> Crowd:
    crowd = [Person("someone", app) for _ in range(size(8, 200))]
    for person in crowd:
        created(person.sign_up())
    return crowd


def statuses(crowd: Crowd) -> set[int]:
    return {person.get("/api/lists/").status_code for person in crowd}


def test_a_flushed_redis_logs_nobody_out(redis: FragileRedis, crowd: Crowd) -> None:
    redis.flush()

    assert statuses(crowd) == {200}


def test_a_frozen_redis_logs_nobody_out_and_holds_nobody_up(redis: FragileRedis, crowd: Crowd) -> None:
    redis.freeze()
    try:
        answers = [person.get("/api/lists/") for person in crowd]
    finally:
        redis.thaw()

    assert {answer.status_code for answer in answers} == {200}
    assert max(answer.elapsed.total_seconds() for answer in answers) < 5


def test_a_killed_redis_logs_nobody_out_and_nobody_is_kept_from_logging_in(redis: FragileRedis, crowd: Crowd) -> None:
    redis.kill()
    try:
        assert statuses(crowd) == {200}
        assert crowd[0].on_another_device().log_in().status_code == 200
    finally:
        redis.start()


@pytest.mark.parametrize("plant", [b"", b"\x80\x04}q\x00.", b"null,", b'{"id": 1}', b"lease:", b"\xff" * 5000])
def test_rubbish_in_redis_harms_nobody(redis: FragileRedis, alice: Person, plant: bytes) -> None:
    alice.get("/api/lists/")
    for key in redis.client.keys("session:*"):
        redis.client.set(key, plant)

    assert alice.get("/api/lists/").status_code == 200


class Trap:
    """What leaves a file behind when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.file,)


def test_what_is_in_redis_is_never_unpickled(redis: FragileRedis, alice: Person, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    for _ in range(2):
        copies_after(redis, alice)
        alice.log_in(password="not her password")
        held = contents(redis.client)
        assert {key.partition(b":")[0] for key in held} == {b"session", b"answer", b"{limit}"}
        assert not [key for key, value in held.items() if value.startswith(b"\x80")]
        for key in held:
            redis.client.set(key, pickle.dumps(Trap(trap)))

        answers = [alice.get("/api/lists/"), alice.log_in(password="not her password"), alice.log_in()]
        assert [answer.status_code for answer in answers] == [200, 401, 200]

    assert not trap.exists()
    pickle.loads(pickle.dumps(Trap(trap)))  # noqa: S301 - the trap is a good one
    assert trap.exists()


def test_a_copy_of_someone_elses_session_shows_nothing_of_it(redis: FragileRedis, app: str, alice: Person) -> None:
    alice.make_list("Secrets")
    bob = Person("bob", app)
    bob.sign_up()
    [hers] = copies_after(redis, alice)
    copy = redis.client.get(hers)
    [his] = copies_after(redis, bob)
    redis.client.set(his, copy or b"")

    assert bob.lists() == []


def copies_after(redis: FragileRedis, person: Person) -> list[bytes]:
    """Return the keys of copies that a person's requests leave, once the app trusts Redis again."""

    def is_there() -> bool:
        person.get("/api/lists/")
        return bool(redis.client.keys("session:*"))

    redis.flush()
    wait_until(is_there, 10, "the app doesn't come back to Redis")
    return [key for key in redis.client.keys("session:*") if isinstance(key, bytes)]


def test_a_login_does_not_survive_a_password_change_that_was_faster(alice: Person) -> None:
    """The change holds the user's row while the login has verified the old password already."""
    phone = Person("phone", alice.url)
    phone.email = alice.email
    with ThreadPoolExecutor(1) as background, connect() as change:
        change.execute("SELECT 1 FROM core_user WHERE email = %s FOR UPDATE", [alice.email])
        login = background.submit(phone.log_in)
        wait_until(someone_waits_for_a_lock, 10, "the login has not reached the user's row")
        change.execute(
            "UPDATE core_user SET password = %s WHERE email = %s", [make_password("another one"), alice.email]
        )
        change.commit()

        assert_problem(login.result(), 401, "invalid_credentials")
    assert phone.get("/api/lists/").status_code == 401


def someone_waits_for_a_lock() -> bool:
    return bool(ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))
