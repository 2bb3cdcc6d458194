"""Taking in what was exported."""

from typing import Any

import pytest

from tests.cast import Person
from tests.exchange.transfers import (
    LIST,
    TODO,
    apply,
    begun,
    checked,
    document,
    export_of,
    look,
    names_in,
    settled,
    take_in,
    upload,
)
from tests.problems import assert_problem
from tests.rows import ask

WITHOUT_IDS = {"id": "", "list_id": "", "todo_id": ""}


@pytest.fixture
def full(alice: Person) -> Person:
    """Return someone who has a bit of everything."""
    groceries = alice.make_list("Lebensmittel 🥛", color="#2E9E5B")
    alice.make_list("Old", is_archived=True)
    gone = alice.make_list("Gone")
    todo = alice.make_todo(groceries, 'Buy "oat" milk 🥛', description="é\n\t\\/", priority="urgent")
    alice.patch(f"/api/todos/{todo['id']}/", json={"status": "done"})
    due = {"due_date": "2026-12-24", "due_time": "18:30:00.000001", "due_timezone": "Europe/Rome"}
    trashed = alice.make_todo(groceries, "Trashed", **due)
    alice.delete(f"/api/todos/{trashed['id']}/")
    alice.make_todo(gone, "Gone with its list")
    alice.post("/api/todos/", json={"title": "In the inbox"})
    alice.attach(alice.make_todo(groceries), bytes(range(256)) * 2000, "Scan é.bin")
    alice.delete(f"/api/lists/{gone['id']}/")
    return alice


def test_an_import_into_an_empty_account_is_equal_but_for_ids(full: Person, bob: Person) -> None:
    given = export_of(full)

    take_in(bob, given)

    made = export_of(bob)
    assert made["sha256"] == given["sha256"]
    for kind in ("lists", "todos", "attachments"):
        assert [one | WITHOUT_IDS for one in made[kind]] == [one | WITHOUT_IDS for one in given[kind]]
        assert not {one["id"] for one in made[kind]} & {one["id"] for one in given[kind]}
    names = {one["id"]: one["name"] for one in given["lists"]}
    new_names = {one["id"]: one["name"] for one in made["lists"]}
    assert [new_names[one["list_id"]] for one in made["todos"]] == [names[one["list_id"]] for one in given["todos"]]
    assert [part | {"attachment_id": ""} for part in made["contents"]] == [
        part | {"attachment_id": ""} for part in given["contents"]
    ]
    [scan] = made["attachments"]
    assert bob.get(f"/api/attachments/{scan['id']}/content/").content == bytes(range(256)) * 2000


def test_ids_that_are_free_are_kept(full: Person, bob: Person) -> None:
    given = export_of(full)
    assert full.delete("/auth/me/").status_code == 204

    made = take_in(bob, given)

    assert [counts["new_ids"] for counts in made["records"]] == [0, 0, 0]
    assert export_of(bob) | {"exported_at": "", "account": {}} == given | {"exported_at": "", "account": {}}


def test_an_import_comes_beside_what_is_there(full: Person) -> None:
    given = export_of(full)

    take_in(full, given)

    both = export_of(full)
    assert {len(both[kind]) - len(given[kind]) * 2 for kind in ("lists", "todos", "attachments")} == {0}
    assert all(one in both["todos"] for one in given["todos"])


def test_of_two_inboxes_that_of_the_account_stays_and_the_other_becomes_a_list(full: Person) -> None:
    [inbox] = [one for one in export_of(full)["lists"] if one["is_inbox"]]

    take_in(full, export_of(full))

    both = [one for one in export_of(full)["lists"] if one["name"] == "Inbox"]
    assert inbox in both
    assert [one["is_inbox"] for one in both if one != inbox] == [False]


def test_an_inbox_takes_the_place_of_one_that_nobody_has_touched(full: Person, bob: Person) -> None:
    take_in(bob, export_of(full))

    assert names_in(export_of(bob)).count("Inbox") == 1
    assert bob.post("/api/todos/", json={"title": "Post the letter"}).status_code == 201


def test_a_file_without_an_inbox_leaves_the_one_that_is_there(bob: Person) -> None:
    take_in(bob, document(TODO))

    assert names_in(export_of(bob)) == ["Groceries", "Inbox"]


def test_a_check_says_what_would_be_made_and_changes_nothing(full: Person, bob: Person) -> None:
    given = export_of(full)

    found = checked(bob, given)

    assert (found["state"], found["problem_count"], found["sha256"]) == ("checked", 0, given["sha256"])
    assert found["read"] == found["size"]
    assert found["records"] == [
        {"kind": "lists", "found": len(given["lists"]), "new_ids": len(given["lists"])},
        {"kind": "todos", "found": len(given["todos"]), "new_ids": len(given["todos"])},
        {"kind": "attachments", "found": 1, "new_ids": 1},
    ]
    assert export_of(bob)["todos"] == []


def test_an_import_is_applied_once(bob: Person) -> None:
    found = take_in(bob, document(TODO | {"id": "019aac42-5d17-4e02-a1b8-90c3d4e5f001"}))

    assert look(bob, found["id"])["state"] == "applied"
    assert_problem(apply(bob, found["id"]), 409, "import_not_checked")
    assert len(export_of(bob)["todos"]) == 1


def test_an_import_can_not_be_applied_before_it_was_checked(bob: Person) -> None:
    import_id = begun(bob, document())
    ask("UPDATE core_import SET state = 'failed' WHERE id = %s RETURNING id", import_id)

    assert_problem(apply(bob, import_id), 409, "import_not_checked")


def test_an_import_that_is_discarded_is_gone_and_makes_nothing(bob: Person) -> None:
    found = checked(bob, document(TODO))

    assert bob.delete(f"/api/imports/{found['id']}/").status_code == 204
    assert_problem(bob.get(f"/api/imports/{found['id']}/"), 404, "not_found")
    assert_problem(apply(bob, found["id"]), 404, "not_found")
    assert ask("SELECT count(*) FROM core_import_row WHERE source_id = %s", found["id"]) == 0


def test_an_import_takes_the_place_of_the_one_before(bob: Person) -> None:
    first = begun(bob, document(TODO))

    second = begun(bob, document())

    assert_problem(bob.get(f"/api/imports/{first}/"), 404, "not_found")
    assert settled(bob, second)["state"] == "checked"


def test_an_id_that_was_taken_since_the_check_is_replaced(alice: Person, bob: Person) -> None:
    mine = {"id": "019aac40-12c4-4b31-8e0f-6d5c4b3a2aaa"}
    found = checked(bob, document(TODO | {"list_id": mine["id"]}, lists=[LIST | mine]))
    assert found["records"][0] == {"kind": "lists", "found": 1, "new_ids": 0}
    alice.make_list("Hers", **mine)

    assert apply(bob, found["id"]).status_code == 200

    made = export_of(bob)
    groceries = made["lists"][0]
    assert groceries["id"] != mine["id"]
    assert [todo["list_id"] for todo in made["todos"]] == [groceries["id"]]


def test_an_empty_document_can_be_imported(bob: Person) -> None:
    assert take_in(bob, export_of(bob))["state"] == "applied"


def test_times_in_other_zones_mean_the_same_moment(bob: Person) -> None:
    take_in(
        bob, document(TODO | {"id": "019aac42-5d17-4e02-a1b8-90c3d4e5f002", "created_at": "2026-11-22T10:32:10+02:00"})
    )

    assert export_of(bob)["todos"][0]["created_at"] == "2026-11-22T08:32:10Z"


def test_spaces_are_free(bob: Person) -> None:
    text = str(document()).replace("'", '"').replace("None", "null").replace("False", "false")

    assert checked(bob, text.replace(", ", " \r\n\t,  ").encode())["state"] == "checked"


def test_ten_uploads_an_hour_are_enough(alice: Person) -> None:
    answers: list[Any] = [upload(alice, document()) for _ in range(11)]

    assert {answer.status_code for answer in answers[:10]} == {202}
    assert_problem(answers[10], 429, "rate_limited")
