"""What exports, imports and the trash cost in SQL, however much there is."""

from typing import Any

import pytest
from django.test import Client

from app.exchange.models import Import
from app.exchange.transfer.models import ImportState
from tests.costs.counting import cost, statements
from tests.routes import EMPTY_EXPORT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.usefixtures("milk")
def test_an_export_costs_nine_the_state_a_lock_the_user_what_is_referred_to_and_each_kind(alice: Client) -> None:
    with statements() as sent:
        answer = alice.get("/api/export/")
        assert b"".join(answer.streaming_content).endswith(b"}\n")  # type: ignore[attr-defined]  # of a stream

    assert len(sent) == 9


@pytest.mark.usefixtures("groceries")
def test_an_import_costs_least_while_it_is_looked_at(alice: Client) -> None:
    path = "/api/imports/"

    assert cost(alice, "POST", path, EMPTY_EXPORT, 202) == 3  # the revision, the one before, the new one
    assert cost(alice, "POST", path, EMPTY_EXPORT, 202) == 5  # and patience, because what was put aside may be much
    path += f"{Import.objects.get().pk}/"
    assert cost(alice, "GET", path) == 1
    Import.objects.update(state=ImportState.CHECKED)
    # The revision and the import; patience; of each kind what is taken and all that is made; room, files, the end.
    assert cost(alice, "POST", f"{path}apply/") == 15
    assert cost(alice, "DELETE", path, expected=204) == 4


def test_the_trash_costs_three_the_state_the_lists_and_the_todos(alice: Client, groceries: Any, milk: Any) -> None:
    in_the_trash(alice, "todos", milk)
    in_the_trash(alice, "lists", groceries)

    assert cost(alice, "GET", "/api/trash/") == 3


def test_restoring_a_list_costs_four_however_many_todos_it_holds(alice: Client, groceries: Any, milk: Any) -> None:
    """The revision, the list read and written, and all todos written."""
    in_the_trash(alice, "lists", groceries)

    assert cost(alice, "POST", f"/api/trash/{groceries['id']}/restore/") == 4
    assert alice.get(f"/api/todos/{milk['id']}/").status_code == 200


def test_restoring_a_todo_costs_four_and_three_more_with_its_list(alice: Client, groceries: Any, milk: Any) -> None:
    """A list is looked for first, because an id does not say what it is of."""
    in_the_trash(alice, "todos", milk)
    assert cost(alice, "POST", f"/api/trash/{milk['id']}/restore/") == 4

    in_the_trash(alice, "todos", milk)
    in_the_trash(alice, "lists", groceries)
    assert cost(alice, "POST", f"/api/trash/{milk['id']}/restore/") == 7


def test_deleting_a_list_for_good_costs_three_and_emptying_the_trash_four(
    alice: Client, groceries: Any, milk: Any
) -> None:
    in_the_trash(alice, "todos", milk)
    in_the_trash(alice, "lists", groceries)
    assert cost(alice, "DELETE", f"/api/trash/{groceries['id']}/", expected=204) == 3

    home = alice.post("/api/lists/", {"name": "Home"}, "application/json").json()
    in_the_trash(alice, "lists", home)
    assert cost(alice, "DELETE", "/api/trash/", expected=204) == 4


def in_the_trash(alice: Client, kind: str, row: Any) -> None:
    assert alice.delete(f"/api/{kind}/{row['id']}/").status_code == 204
