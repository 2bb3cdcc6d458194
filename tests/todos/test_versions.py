"""No edit is lost unseen: a change made from an older state is refused, where the client says which it had."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.cast import Person
from tests.drill import size
from tests.problems import assert_problem
from tests.todos.changes import change, patch


def test_each_change_counts_one_up(alice: Person, milk: Any) -> None:
    versions = [change(alice, milk, title=title)["version"] for title in ("Buy soy milk", "Buy milk", "Buy milk")]

    assert versions == [2, 3, 4]


def test_a_change_from_the_present_version_is_made(alice: Person, milk: Any) -> None:
    assert change(alice, milk, title="Buy soy milk", version=1)["version"] == 2


def test_a_stale_change_is_refused_and_shows_what_is_there_now(alice: Person, milk: Any) -> None:
    theirs = change(alice, milk, title="Buy soy milk")

    problem = assert_problem(patch(alice, milk, title="Buy rice milk", version=1), 412, "stale_version")

    assert problem["theirs"] == theirs
    assert alice.get(f"/api/todos/{milk['id']}/").json() == theirs


def test_a_client_goes_on_from_what_it_was_shown(alice: Person, milk: Any) -> None:
    change(alice, milk, title="Buy soy milk")
    theirs = patch(alice, milk, title="Buy rice milk", version=1).json()["theirs"]

    assert change(alice, milk, title="Buy rice milk", version=theirs["version"])["title"] == "Buy rice milk"


def test_without_a_version_the_last_write_wins(alice: Person, milk: Any) -> None:
    change(alice, milk, title="Buy soy milk")

    assert change(alice, milk, title="Buy rice milk")["title"] == "Buy rice milk"


def test_a_version_from_the_future_is_refused(alice: Person, milk: Any) -> None:
    assert_problem(patch(alice, milk, title="Buy soy milk", version=2), 422, "invalid", "/version")


@pytest.mark.parametrize("version", [0, -1, 1.0, 1.5, "1", True, 2**31, 2**63, 2**64, 10**400])
def test_what_is_no_version_is_refused(alice: Person, milk: Any, version: object) -> None:
    assert_problem(patch(alice, milk, version=version), 422, "invalid", "/version")


@pytest.mark.drill
def test_of_two_changes_from_one_version_at_once_exactly_one_is_made(alice: Person, milk: Any) -> None:
    devices = [alice, alice.on_another_device()]
    together = Barrier(2, timeout=20)

    def race(device: Person, version: int) -> int:
        together.wait()
        return patch(device, milk, title=device.cookies["sessionid"], version=version).status_code

    with ThreadPoolExecutor(2) as pool:
        for version in range(1, size(15, 500) + 1):
            assert sorted(pool.map(race, devices, [version, version])) == [200, 412]
