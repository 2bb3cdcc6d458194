"""The requests of the measurements."""

from itertools import islice
from random import Random

import pytest

from bench.data import Data
from bench.operations import OPERATIONS, Operation

SOME = 300


def some(operation: Operation, data: Data, seed: str) -> list[bytes]:
    return [ask.raw for ask in islice(operation.asks(data, Random(seed)), SOME)]


each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


@each_operation
def test_every_stack_gets_the_same_requests(data: Data, operation: Operation) -> None:
    assert some(operation, data, "round 1") == some(operation, data, "round 1")


@each_operation
def test_what_is_not_to_come_from_a_cache_is_asked_for_once(data: Data, operation: Operation) -> None:
    asked = some(operation, data, "round 1")

    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.is_write], ids=lambda each: each.name)
def test_no_write_comes_again_in_another_round(data: Data, operation: Operation) -> None:
    assert set(some(operation, data, "round 1")).isdisjoint(some(operation, data, "round 2"))
