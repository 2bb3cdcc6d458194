"""What no answer shows of the limits: the buckets of one process, and mail."""

from uuid import uuid4

from app.accounts.attempts import take_mail
from app.accounts.models import Letter
from app.common import limits
from app.common.limits import GIVE_BACK, MOST_LOCAL_BUCKETS, SECOND, TAKE, Bucket, Limit, LocalBuckets

GUESSES = Limit("guesses", count=10, seconds=900)
VISITS = Limit("visits", count=3, seconds=900)
HALF = 5


def test_a_process_alone_allows_half_of_a_limit_and_says_how_long_to_wait() -> None:
    local, bucket = LocalBuckets(), Bucket(GUESSES, "alice")

    waits = [local.charge(TAKE, [bucket]) for _ in range(HALF + 1)]

    assert waits[:HALF] == [0] * HALF
    assert 179 * SECOND < waits[HALF] <= 180 * SECOND


def test_a_process_alone_takes_from_all_buckets_or_from_none() -> None:
    local, alice, door = LocalBuckets(), Bucket(GUESSES, "alice"), Bucket(VISITS, "door")
    assert local.charge(TAKE, [door]) == 0

    assert all(local.charge(TAKE, [alice, door]) > 0 for _ in range(10))

    assert [local.charge(TAKE, [alice]) == 0 for _ in range(HALF + 1)] == [True] * HALF + [False]


def test_a_bucket_holds_no_more_than_its_limit_whatever_is_given_back() -> None:
    local, bucket = LocalBuckets(), Bucket(GUESSES, "alice")
    for _ in range(3):
        local.charge(GIVE_BACK, [bucket])

    assert [local.charge(TAKE, [bucket]) == 0 for _ in range(HALF + 1)] == [True] * HALF + [False]


def test_a_flood_of_subjects_neither_fills_the_memory_nor_refills_an_empty_bucket() -> None:
    local, victim = LocalBuckets(), Bucket(GUESSES, "alice")
    for _ in range(HALF):
        local.charge(TAKE, [victim])

    for number in range(2 * MOST_LOCAL_BUCKETS):
        local.charge(TAKE, [Bucket(GUESSES, str(number))])

    assert len(local) <= MOST_LOCAL_BUCKETS
    assert local.charge(TAKE, [victim]) > 0


def test_redis_gives_back_no_more_than_was_taken() -> None:
    bucket = Bucket(GUESSES, uuid4().hex)
    for _ in range(3):
        limits.give_back(bucket)

    assert [limits.charge(TAKE, [bucket]) == 0 for _ in range(11)] == [True] * 10 + [False]


def test_an_address_gets_five_mails_an_hour() -> None:
    email = f"{uuid4().hex}@example.org"

    assert [take_mail(Letter.RESET_PASSWORD, email) for _ in range(7)] == [True] * 5 + [False] * 2
