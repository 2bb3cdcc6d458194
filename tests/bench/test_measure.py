"""A round of the measurements, against real servers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.data import Data
from bench.measure import Laboratory
from bench.operations import CHANGE, CREATE, UNCHANGED_PAGE, WARM_LISTS, WARM_PAGE, Ask, Operation
from bench.stacks import DOABLE, LIMIT, Door, served
from local.fault import Fault

pytestmark = pytest.mark.skipif(not shutil.which("wrk"), reason="wrk makes the load, and is not installed")


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Door]]:
    log = tmp_path_factory.mktemp("measure") / "log"
    with served(DOABLE, log) as doable, served(LIMIT, log) as limit:
        yield {DOABLE.name: doable, LIMIT.name: limit}


@pytest.fixture
def laboratory(data: Data, tmp_path: Path) -> Laboratory:
    return Laboratory(data, tmp_path, seconds=1, warm_up=0)


@pytest.mark.parametrize("operation", [WARM_LISTS, CREATE], ids=lambda operation: operation.name)
def test_a_round_has_the_load_and_the_cost_of_each_stack(
    laboratory: Laboratory, doors: dict[str, Door], operation: Operation
) -> None:
    [runs] = laboratory.compare(doors, operation, rounds=1).rounds

    assert list(runs) == list(doors)
    for run in runs.values():
        assert run.load.requests > 0
        assert 10 < run.costs["app"] < 1_000_000


def test_a_change_is_another_one_each_time(laboratory: Laboratory, doors: dict[str, Door]) -> None:
    """Doable would not store it a second time, which takes less."""
    for _ in range(2):
        laboratory.compare({DOABLE.name: doors[DOABLE.name]}, CHANGE, rounds=1)


def test_a_stack_that_gives_no_etag_has_no_run_of_what_is_known(laboratory: Laboratory, doors: dict[str, Door]) -> None:
    refused = UNCHANGED_PAGE._replace(asks=lambda *_: iter([Ask("GET", "/api/lists/", {})]))

    assert laboratory.compare(doors, refused, rounds=1).rounds == [{}]


def test_answers_that_are_too_short_stop_everything(laboratory: Laboratory, doors: dict[str, Door]) -> None:
    with pytest.raises(Fault, match="no right answer"):
        laboratory.compare(doors, WARM_PAGE._replace(bytes=range(100_000, 200_000)), rounds=1)


def test_requests_that_are_refused_stop_everything(laboratory: Laboratory, doors: dict[str, Door]) -> None:
    pages = WARM_PAGE.asks
    strangers = WARM_PAGE._replace(asks=lambda data, dice: (ask.without("Cookie") for ask in pages(data, dice)))

    with pytest.raises(Fault, match="requests have failed"):
        laboratory.compare(doors, strangers, rounds=1)
