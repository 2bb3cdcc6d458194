"""What changes of lists, todos and attachments cost in SQL, and many of them at once."""

from typing import Any

import pytest
from django.test import Client

from tests.costs.counting import cost

pytestmark = pytest.mark.django_db(transaction=True)


def test_creating_costs_two_the_revision_and_the_row(alice: Client, groceries: Any) -> None:
    todo = {"title": "Buy bread", "list_id": groceries["id"]}

    assert cost(alice, "POST", "/api/lists/", {"name": "Home"}, 201) == 2
    assert cost(alice, "POST", "/api/todos/", todo, 201) == 2


def test_a_call_that_may_be_repeated_costs_four_more_and_its_repetition_two(alice: Client) -> None:
    """The lock, the answer looked for, how much is kept, the answer; of a repetition the first two."""
    alice.get("/api/lists/")
    alice.defaults["HTTP_IDEMPOTENCY_KEY"] = "once"

    assert cost(alice, "POST", "/api/lists/", {"name": "Home"}, 201) == 2 + 4
    assert cost(alice, "POST", "/api/lists/", {"name": "Home"}, 201) == 2


def test_changing_costs_three_the_revision_and_the_row_read_and_written(
    alice: Client, groceries: Any, milk: Any
) -> None:
    assert cost(alice, "PATCH", f"/api/lists/{groceries['id']}/", {"color": "#2e9e5b"}) == 3
    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"status": "done", "version": 1}) == 3


def test_what_goes_into_the_inbox_costs_one_more_to_find_it(alice: Client) -> None:
    alice.get("/api/lists/")

    assert cost(alice, "POST", "/api/todos/", {"title": "Buy bread"}, 201) == 3


def test_another_place_costs_two_more_the_row_beside_and_the_one_beyond(
    alice: Client, groceries: Any, milk: Any
) -> None:
    home = alice.post("/api/lists/", {"name": "Home"}, "application/json").json()
    bread = {"title": "Buy bread", "list_id": groceries["id"], "before": milk["id"]}

    assert cost(alice, "POST", "/api/lists/", {"name": "Work", "before": groceries["id"]}, 201) == 4
    assert cost(alice, "PATCH", f"/api/lists/{home['id']}/", {"before": groceries["id"]}) == 5
    assert cost(alice, "POST", "/api/todos/", bread, 201) == 4
    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"after": newest(alice)}) == 4  # it is there already
    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"before": newest(alice)}) == 5


def newest(alice: Client) -> Any:
    return alice.get("/api/todos/").json()["results"][0]["id"]


def test_another_list_costs_one_more_the_room_in_it(alice: Client, milk: Any) -> None:
    home = alice.post("/api/lists/", {"name": "Home"}, "application/json").json()

    assert cost(alice, "PATCH", f"/api/todos/{milk['id']}/", {"list_id": home["id"]}) == 4


def test_a_copy_costs_four_the_revision_the_original_and_the_copies_of_list_and_todos(
    alice: Client, groceries: Any, milk: Any
) -> None:
    more = {"title": milk["title"], "list_id": groceries["id"]}
    for _ in range(3):
        alice.post("/api/todos/", more, "application/json")

    assert cost(alice, "POST", f"/api/lists/{groceries['id']}/duplicate/", {}, 201) == 4


def test_deleting_costs_three_however_many_todos_a_list_holds(alice: Client, groceries: Any, milk: Any) -> None:
    assert cost(alice, "DELETE", f"/api/todos/{milk['id']}/", expected=204) == 3
    assert cost(alice, "DELETE", f"/api/lists/{groceries['id']}/", expected=204) == 3


def test_an_attachment_costs_a_statement_more_than_a_todo_because_it_is_seen_only_with_its_todo(
    alice: Client, milk: Any
) -> None:
    collection = f"/api/todos/{milk['id']}/attachments/"
    receipt = alice.post(f"{collection}?name=Receipt.txt", b"Oat milk: 2.19", "text/plain").json()
    item = f"/api/attachments/{receipt['id']}/"

    assert cost(alice, "GET", collection) == 3  # the state, the todo, the rows
    assert cost(alice, "GET", item) == 2
    assert cost(alice, "GET", f"{item}content/") == 2
    assert cost(alice, "POST", f"{collection}?name=a", "a", 201) == 4  # the revision, the todo, the room, the row
    assert cost(alice, "DELETE", item, expected=204) == 4


def test_a_batch_costs_one_and_what_each_command_costs_without_its_revision(alice: Client, groceries: Any) -> None:
    new = [{"do": "create_todo", "title": f"Number {number}", "list_id": groceries["id"]} for number in range(20)]
    assert cost(alice, "POST", "/api/batch/", {"commands": new}) == 1 + 20

    [milk] = alice.get("/api/todos/?limit=1").json()["results"]
    changes = [{"do": "complete_todo", "id": milk["id"]}, {"do": "delete_todo", "id": milk["id"]}]
    assert cost(alice, "POST", "/api/batch/", {"commands": changes}) == 1 + 2 + 2


def test_a_command_that_may_fail_alone_costs_a_savepoint_and_its_end(alice: Client, groceries: Any) -> None:
    new = [{"do": "create_todo", "title": f"Number {number}", "list_id": groceries["id"]} for number in range(20)]

    assert cost(alice, "POST", "/api/batch/", {"commands": new, "atomic": False}) == 1 + 3 * 20
