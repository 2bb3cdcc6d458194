"""Many commands by one call: in order, all or each by itself, and never half of one."""

from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.cast import Person
from tests.pages import page
from tests.problems import assert_problem
from tests.rows import connect, revision_of

LIST, TODO, OTHER = (str(uuid4()) for _ in range(3))  # of no row, until a batch makes one


def do(what: str, /, **members: Any) -> dict[str, Any]:
    return {"do": what, **members}


def send(person: Person, *commands: Any, **more: Any) -> requests.Response:
    return person.post("/api/batch/", json={"commands": commands, **more})


def run(person: Person, *commands: Any, **more: Any) -> list[Any]:
    answer = send(person, *commands, **more)
    assert answer.status_code == 200, answer.text
    results: list[Any] = answer.json()["results"]
    return results


def statuses(results: list[Any]) -> list[int]:
    return [result["status"] for result in results]


def rows(person: Person, kind: str) -> list[Any]:
    results: list[Any] = page(person, f"/api/{kind}/", limit=200)["results"]
    return results


@pytest.fixture
def milk(alice: Person, groceries: Any) -> Any:
    return alice.make_todo(groceries, "Buy oat milk")


def new_ids() -> tuple[str, str]:
    return str(uuid4()), str(uuid4())


def test_later_commands_name_what_earlier_ones_made(alice: Person) -> None:
    home, tap = new_ids()
    garden, _ = new_ids()

    results = run(
        alice,
        do("create_list", id=home, name="Home"),
        do("create_todo", id=tap, title="Fix the tap", list_id=home),
        do("create_list", id=garden, name="Garden", color="#4c8c2b"),
        do("update_todo", id=tap, title="Fix the hose", priority="high", version=1),
        do("move_todo", id=tap, list_id=garden, version=2),
        do("complete_todo", id=tap),
        do("update_list", id=garden, is_archived=True),
        do("delete_list", id=home, version=1),
    )

    assert statuses(results) == [201, 201, 201, 200, 200, 200, 200, 204]
    assert results[-1] == {"status": 204}
    hose = alice.get(f"/api/todos/{tap}/").json()
    assert results[5]["body"] == hose
    assert (hose["title"], hose["list_id"], hose["status"], hose["version"]) == ("Fix the hose", garden, "done", 4)
    assert garden in [row["id"] for row in rows(alice, "lists")]
    assert results[6]["body"] == alice.get(f"/api/lists/{garden}/").json()
    assert alice.get(f"/api/lists/{home}/").status_code == 404


def test_a_list_is_put_in_order_by_one_call(alice: Person, groceries: Any) -> None:
    made = [alice.make_todo(groceries, title)["id"] for title in ("Bread", "Milk", "Tea")]

    [tea, milk] = run(alice, do("move_todo", id=made[2], before=made[0]), do("move_todo", id=made[1], after=made[2]))

    bread = alice.get(f"/api/todos/{made[0]}/").json()
    assert tea["body"]["position"] < milk["body"]["position"] < bread["position"]


def test_a_command_answers_what_the_call_would_have(alice: Person, groceries: Any, milk: Any) -> None:
    [made, changed, deleted] = run(
        alice,
        do("create_todo", title="Buy rye bread", list_id=groceries["id"]),
        do("update_list", id=groceries["id"], color="#FFFFFF"),
        do("delete_todo", id=milk["id"]),
    )

    assert made == {"status": 201, "body": alice.get(f"/api/todos/{made['body']['id']}/").json()}
    assert changed == {"status": 200, "body": alice.get(f"/api/lists/{groceries['id']}/").json()}
    assert deleted == {"status": 204}
    assert [item["id"] for item in page(alice, "/api/trash/")["results"]] == [milk["id"]]


@pytest.mark.parametrize("atomic", [True, False])
def test_a_batch_is_one_revision_however_many_commands_it_has(alice: Person, atomic: bool) -> None:  # noqa: FBT001
    before = revision_of(alice)

    run(alice, *(do("create_list", name=f"List {number}") for number in range(100)), atomic=atomic)

    assert revision_of(alice) == before + 1
    names = [row["name"] for row in rows(alice, "lists")]
    assert names[-100:] == [f"List {number}" for number in range(100)]


def test_the_first_failure_of_an_atomic_batch_undoes_all(alice: Person, groceries: Any, milk: Any) -> None:
    before = (revision_of(alice), rows(alice, "lists"), rows(alice, "todos"))

    answer = send(
        alice,
        do("create_list", id=LIST, name="Home"),
        do("update_todo", id=milk["id"], title="Buy milk"),
        do("create_todo", title="Fix the tap", list_id=OTHER),
        do("delete_list", id=groceries["id"]),
    )

    problem = assert_problem(answer, 422, "batch_failed", "/commands/2/list_id")
    assert problem["errors"][0]["code"] == "unknown_list"
    assert [result["problem"]["code"] for result in problem["results"]] == [
        "not_applied",
        "not_applied",
        "invalid",
        "not_applied",
    ]
    assert statuses(problem["results"]) == [424, 424, 422, 424]
    assert problem["results"][2]["problem"]["errors"][0]["pointer"] == "/list_id"
    assert (revision_of(alice), rows(alice, "lists"), rows(alice, "todos")) == before


def test_without_atomic_failures_stand_beside_successes(alice: Person, groceries: Any, milk: Any) -> None:
    before = revision_of(alice)
    alice.patch(f"/api/todos/{milk['id']}/", json={"title": "Buy milk"})

    results = run(
        alice,
        do("create_list", id=groceries["id"], name="Home"),
        do("update_todo", id=milk["id"], title="Buy rice milk", version=1),
        do("create_todo", id=TODO, title="Fix the tap", list_id=OTHER),
        do("complete_todo", id=TODO),
        do("update_todo", id=milk["id"], due_time="18:30:00"),
        do("delete_todo", id=milk["id"], version=1),
        do("complete_todo", id=milk["id"], version=2),
        do("delete_list", id=LIST),
        atomic=False,
    )

    assert statuses(results) == [409, 412, 422, 404, 422, 412, 200, 404]
    assert [result["problem"]["code"] for result in results if "problem" in result] == [
        *("id_taken", "stale_version", "invalid", "not_found"),
        *("invalid", "stale_version", "not_found"),
    ]
    assert results[1]["problem"]["theirs"]["title"] == "Buy milk"
    assert [row["status"] for row in rows(alice, "todos")] == ["done"]
    assert revision_of(alice) == before + 2


@pytest.mark.parametrize("atomic", [True, False])
def test_a_command_can_not_name_what_comes_later(alice: Person, atomic: bool) -> None:  # noqa: FBT001
    home, tap = new_ids()
    commands = [
        do("create_todo", id=tap, title="Fix the tap", list_id=home),
        do("create_list", id=home, name="Home"),
    ]

    answer = send(alice, *commands, atomic=atomic)

    if atomic:
        assert_problem(answer, 422, "batch_failed", "/commands/0/list_id")
    else:
        assert statuses(answer.json()["results"]) == [422, 201]
    assert rows(alice, "todos") == []


def test_a_batch_in_which_all_fail_changes_nothing(alice: Person) -> None:
    before = revision_of(alice)

    assert statuses(run(alice, *[do("complete_todo", id=TODO)] * 3, atomic=False)) == [404, 404, 404]
    assert revision_of(alice) == before


def test_a_failure_without_a_member_to_blame_points_at_its_command(alice: Person) -> None:
    problem = assert_problem(send(alice, do("delete_todo", id=TODO)), 422, "batch_failed", "/commands/0")

    assert problem["errors"][0]["code"] == "not_found"


def test_someone_elses_rows_are_missing(alice: Person, bob: Person, groceries: Any, milk: Any) -> None:
    foreign, missing = (
        run(
            bob,
            do("update_list", id=list_id, name="Mine"),
            do("move_todo", id=todo_id, list_id=list_id),
            do("complete_todo", id=todo_id),
            do("delete_todo", id=todo_id),
            do("delete_list", id=list_id),
            atomic=False,
        )
        for list_id, todo_id in ((groceries["id"], milk["id"]), (LIST, TODO))
    )

    for result in (*foreign, *missing):
        del result["problem"]["request_id"]
    assert foreign == missing
    assert statuses(foreign) == [404] * 5
    assert rows(alice, "todos") == [milk]


def test_a_service_that_can_not_answer_is_no_result_of_a_command(alice: Person, milk: Any) -> None:
    """Someone else holds the row of the todo for longer than a statement waits."""
    before = revision_of(alice)
    with connect() as other:
        other.execute("SELECT 1 FROM core_todo WHERE id = %s FOR UPDATE", [milk["id"]])
        answer = send(alice, do("create_list", name="Home"), do("complete_todo", id=milk["id"]), atomic=False)

    assert_problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert revision_of(alice) == before


def test_all_malformed_commands_are_named_at_once_and_none_is_done(alice: Person) -> None:
    before = revision_of(alice)

    answer = send(
        alice,
        do("create_list", name="Home"),
        do("create_todo", title="", colour="red"),
        "create_list",
        {"name": "Home"},
        do("destroy", id=TODO),
        do("complete_todo", id="x"),
        do("update_list", name="Home"),
        {"do": 7},
        do("delete_todo", id=TODO, version=0),
        atomic="yes",
        more=1,
    )

    assert_problem(
        answer,
        422,
        "invalid",
        *("/atomic", "/more"),
        *("/commands/1/colour", "/commands/1/title"),
        *("/commands/2", "/commands/3/do", "/commands/4/do", "/commands/5/id", "/commands/6/id", "/commands/7/do"),
        "/commands/8/version",
    )
    assert revision_of(alice) == before


@pytest.mark.parametrize("commands", [[], [do("create_list", name="x")] * 101, {}, "create_list", None])
def test_a_batch_has_one_to_a_hundred_commands(mallory: Person, commands: Any) -> None:
    assert_problem(mallory.post("/api/batch/", json={"commands": commands}), 422, "invalid", "/commands")


def test_a_batch_that_is_sent_again_happens_once(alice: Person) -> None:
    body = {"commands": [do("create_list", name="Home"), do("complete_todo", id=TODO)], "atomic": False}
    first, second = (alice.post("/api/batch/", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2))

    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert [row["name"] for row in rows(alice, "lists")].count("Home") == 1


def test_a_batch_in_which_all_fail_may_be_sent_under_a_key(alice: Person) -> None:
    body = {"commands": [do("complete_todo", id=TODO)], "atomic": False}
    before = revision_of(alice)
    first, second = (alice.post("/api/batch/", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2))

    assert (first.status_code, second.content) == (200, first.content)
    assert revision_of(alice) == before


def test_a_batch_that_was_undone_may_be_mended_under_the_same_key(alice: Person, groceries: Any) -> None:
    headers = {"Idempotency-Key": "once"}
    for list_id, status in ((OTHER, 422), (groceries["id"], 200)):
        body = {"commands": [do("create_todo", title="Buy rolls", list_id=list_id)]}
        assert alice.post("/api/batch/", json=body, headers=headers).status_code == status

    assert len(rows(alice, "todos")) == 1
