"""No edit is lost unseen: a change made from an older state is refused, where the client says which it had."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.cast import Person
from tests.drill import size
from tests.problems import assert_problem
from tests.rows import ask
from tests.tags import tag_of
from tests.todos.changes import change, patch


def test_each_change_counts_one_up(alice: Person, milk: Any) -> None:
    versions = [change(alice, milk, title=title)["version"] for title in ("Buy soy milk", "Buy milk", "Buy rye")]

    assert versions == [2, 3, 4]


def test_a_change_that_changes_nothing_counts_none(alice: Person, milk: Any) -> None:
    assert change(alice, milk) == change(alice, milk, title=milk["title"], priority=milk["priority"]) == milk


def test_a_change_from_the_present_version_is_made(alice: Person, milk: Any) -> None:
    assert change(alice, milk, title="Buy soy milk", version=1)["version"] == 2


def test_a_stale_change_is_refused_and_shows_what_is_there_now(alice: Person, milk: Any) -> None:
    theirs = change(alice, milk, title="Buy soy milk")

    problem = assert_problem(patch(alice, milk, title="Buy rice milk", version=1), 412, "stale_version")

    assert (problem["theirs"], problem["yours"], problem["fields"]) == (theirs, {"title": "Buy rice milk"}, ["title"])
    assert alice.get(f"/api/todos/{milk['id']}/").json() == theirs


def test_a_client_goes_on_from_what_it_was_shown(alice: Person, milk: Any) -> None:
    change(alice, milk, title="Buy soy milk")
    theirs = patch(alice, milk, title="Buy rice milk", version=1).json()["theirs"]

    assert change(alice, milk, title="Buy rice milk", version=theirs["version"])["title"] == "Buy rice milk"


def test_two_changes_of_different_fields_are_both_kept(alice: Person, milk: Any) -> None:
    change(alice, milk, title="Buy soy milk", version=1)

    merged = change(alice, milk, priority="high", description="The blue one", version=1)

    assert (merged["title"], merged["priority"], merged["version"]) == ("Buy soy milk", "high", 3)


def test_two_clients_that_want_the_same_are_both_content(alice: Person, milk: Any) -> None:
    change(alice, milk, status="done", version=1)

    assert change(alice, milk, status="done", version=1)["version"] == 2


def test_of_a_mixed_change_nothing_is_made_where_a_part_collides(alice: Person, milk: Any) -> None:
    theirs = change(alice, milk, title="Buy soy milk")

    problem = assert_problem(patch(alice, milk, title="Buy rye", priority="high", version=1), 412, "stale_version")

    assert problem["fields"] == ["title"]
    assert alice.get(f"/api/todos/{milk['id']}/").json() == theirs


def test_day_time_and_zone_are_one_matter(alice: Person, milk: Any) -> None:
    due = change(alice, milk, due_date="2026-12-24", due_time="18:30:00")
    change(alice, milk, due_date="2026-12-25", version=due["version"])

    problem = assert_problem(patch(alice, milk, due_time="19:00:00", version=due["version"]), 412, "stale_version")

    assert problem["fields"] == ["due_time"]


def test_an_older_state_than_the_last_change_of_a_field_is_what_counts(alice: Person, milk: Any) -> None:
    for priority in ("low", "medium", "high"):
        change(alice, milk, priority=priority)

    assert change(alice, milk, title="Buy soy milk", version=1)["version"] == 5
    assert_problem(patch(alice, milk, priority="none", version=3), 412, "stale_version")


def test_changes_that_an_older_release_made_without_notes_are_not_overwritten_unseen(alice: Person, milk: Any) -> None:
    ask("UPDATE core_todo SET version = 5, field_versions = '{}' WHERE id = %s RETURNING id", milk["id"])

    assert_problem(patch(alice, milk, title="Buy soy milk", version=3), 412, "stale_version")
    assert change(alice, milk, title="Buy soy milk", version=5)["version"] == 6
    assert_problem(patch(alice, milk, priority="low", version=3), 412, "stale_version")
    assert change(alice, milk, priority="low", version=5)["version"] == 7


def test_every_answer_with_a_todo_has_the_etag_of_its_state(alice: Person, groceries: Any) -> None:
    made = alice.post("/api/todos/", json={"title": "Buy milk", "list_id": groceries["id"]})
    changed = patch(alice, made.json(), title="Buy soy milk")
    read = alice.get(f"/api/todos/{made.json()['id']}/", headers={"Accept-Encoding": "identity"})

    tags = [answer.headers["ETag"].removeprefix("W/") for answer in (made, changed, read)]
    assert tags == [tag_of(made.json()), tag_of(changed.json()), tag_of(changed.json())]
    assert tags[0] != tags[1]


@pytest.mark.parametrize("tag", ["{}", "W/{}", "*", '"7", {}'])
def test_a_precondition_that_holds_lets_through(alice: Person, milk: Any, tag: str) -> None:
    path, headers = f"/api/todos/{milk['id']}/", {"If-Match": tag.format(tag_of(milk))}

    assert alice.patch(path, json={"title": "Buy soy milk"}, headers=headers).status_code == 200
    if tag != "*":
        assert_problem(alice.delete(path, headers=headers), 412, "stale_version")


@pytest.mark.parametrize(
    "tag", ['"2{time}"', '"0{time}"', '"01{time}"', "1{time}", '""', "nonsense", '"1{time}', '"1"']
)
def test_a_precondition_is_strict(alice: Person, milk: Any, tag: str) -> None:
    time = tag_of(milk).strip('"').removeprefix("1")
    path, headers = f"/api/todos/{milk['id']}/", {"If-Match": tag.format(time=time)}

    refused = alice.patch(path, json={"title": "Buy soy milk"}, headers=headers)

    assert assert_problem(refused, 412, "stale_version")["theirs"] == milk
    assert_problem(alice.delete(path, headers=headers), 412, "stale_version")
    assert alice.get(path).json() == milk


def test_a_precondition_refuses_even_what_would_merge(alice: Person, milk: Any) -> None:
    change(alice, milk, title="Buy soy milk")
    before = {"If-Match": tag_of(milk)}
    refused = alice.patch(f"/api/todos/{milk['id']}/", json={"priority": "high"}, headers=before)

    assert_problem(refused, 412, "stale_version")


def test_who_has_the_present_version_is_not_sent_it_again(alice: Person, milk: Any) -> None:
    path, headers = f"/api/todos/{milk['id']}/", {"If-None-Match": tag_of(milk)}
    known = alice.get(path, headers=headers)
    assert (known.status_code, known.content) == (304, b"")

    change(alice, milk, title="Buy soy milk")

    assert alice.get(path, headers=headers).json()["title"] == "Buy soy milk"


def test_lists_are_protected_in_the_same_way(alice: Person, groceries: Any) -> None:
    path = f"/api/lists/{groceries['id']}/"
    assert groceries["version"] == 1
    renamed = alice.patch(path, json={"name": "Food", "version": 1})
    merged = alice.patch(path, json={"color": "#2E9E5B", "version": 1})

    assert (merged.json()["name"], merged.json()["color"], merged.json()["version"]) == ("Food", "#2e9e5b", 3)
    assert merged.headers["ETag"] == tag_of(merged.json())
    problem = assert_problem(alice.patch(path, json={"name": "Shop", "version": 1}), 412, "stale_version")
    assert (problem["theirs"], problem["fields"]) == (merged.json(), ["name"])
    assert_problem(alice.delete(path, headers={"If-Match": renamed.headers["ETag"]}), 412, "stale_version")
    assert alice.delete(path, headers={"If-Match": merged.headers["ETag"]}).status_code == 204


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
        return patch(device, milk, title=f"{device.cookies['sessionid']} {version}", version=version).status_code

    with ThreadPoolExecutor(2) as pool:
        for version in range(1, size(15, 500) + 1):
            assert sorted(pool.map(race, devices, [version, version])) == [200, 412]
