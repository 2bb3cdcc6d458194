"""Putting lists and todos in an order by hand: directly before or after another one."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.common.positions import MAX_LENGTH
from tests.cast import Person
from tests.drill import size
from tests.problems import assert_problem
from tests.routes import NOWHERE
from tests.rows import connect, revision_of

SIDES = ("before", "after")
KINDS = ("lists", "todos")
MOVES = st.lists(st.tuples(st.integers(0, 4), st.sampled_from(SIDES), st.integers(0, 4)), max_size=12)


class Shelf:
    """Rows of one kind that stand in an order: the lists of a new account, or the todos of a new list."""

    def __init__(self, person: Person, kind: str) -> None:
        self.person, self.kind = person, kind
        self.home = person.make_list()["id"] if kind == "todos" else None

    def add(self, name: str, **more: Any) -> Any:
        body = {"title": name, "list_id": self.home} if self.home else {"name": name}
        return self.person.post(f"/api/{self.kind}/", json=body | more).json()

    def change(self, row: Any, **changes: Any) -> requests.Response:
        return self.person.patch(f"/api/{self.kind}/{row['id']}/", json=changes)

    def move(self, row: Any, side: str, anchor: Any) -> Any:
        answer = self.change(row, **{side: anchor["id"]})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self) -> list[str]:
        """Return the names as they stand."""
        if not self.home:
            return [row["name"] for row in self.person.lists("order=position")]
        rows = self.person.get(f"/api/todos/?list_id={self.home}&limit=200").json()["results"]
        return [row["title"] for row in sorted(rows, key=lambda row: (row["position"], row["id"]))]


@pytest.fixture(params=KINDS)
def shelf(request: pytest.FixtureRequest, alice: Person) -> Shelf:
    return Shelf(alice, request.param)


@pytest.fixture
def abc(shelf: Shelf) -> list[Any]:
    return [shelf.add(name) for name in "abc"]


# --- where a row goes -----------------------------------------------------------------------------


@pytest.mark.usefixtures("abc")
def test_a_new_row_stands_at_the_end(shelf: Shelf) -> None:
    assert shelf.order() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("move", "order"),
    [
        ("c before a", "cab"),
        ("c before b", "acb"),
        ("a after c", "bca"),
        ("a after b", "bac"),
        ("b after a", "abc"),
        ("b before c", "abc"),
    ],
)
def test_a_row_goes_where_it_is_put_and_no_other_is_touched(
    shelf: Shelf, abc: list[Any], move: str, order: str
) -> None:
    row, side, anchor = move.split()

    moved = shelf.move(abc["abc".index(row)], side, abc["abc".index(anchor)])

    assert shelf.order() == list(order)
    others = [one for one in abc if one["id"] != moved["id"]]
    assert [shelf.person.get(f"/api/{shelf.kind}/{one['id']}/").json() for one in others] == others


@pytest.mark.parametrize(("side", "order"), [("before", "axbc"), ("after", "abxc")])
def test_a_new_row_may_be_put_anywhere_at_once(shelf: Shelf, abc: list[Any], side: str, order: str) -> None:
    made = shelf.add("x", **{side: abc[1]["id"]})

    assert (made["version"], shelf.order()) == (1, list(order))


@given(moves=MOVES)
@settings(max_examples=size(12, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_moves_give_the_order_that_a_plain_list_would_have(
    alice: Person, moves: list[tuple[int, str, int]]
) -> None:
    shelf = Shelf(alice, "todos")  # a new list each time
    rows = {name: shelf.add(name) for name in "abcde"}
    plain = list(rows)
    for row, side, anchor in ((row, side, anchor) for row, side, anchor in moves if row != anchor):
        name, beside = plain[row], plain[anchor]
        shelf.move(rows[name], side, rows[beside])
        plain.remove(name)
        plain.insert(plain.index(beside) + (side == "after"), name)

    assert shelf.order() == plain


def test_a_move_counts_a_version_and_where_it_stands_already_none(shelf: Shelf, abc: list[Any]) -> None:
    before = revision_of(shelf.person)

    assert shelf.move(abc[0], "after", abc[1])["version"] == 2
    for side, anchor in (("after", 1), ("before", 2)):
        assert shelf.move(abc[0], side, abc[anchor])["version"] == 2
    assert revision_of(shelf.person) == before + 3


def test_going_to_the_ends_again_and_again_makes_no_position_longer(shelf: Shelf, abc: list[Any]) -> None:
    for first, second in ((0, 1), (1, 0)) * 5:
        for side in SIDES:
            shelf.move(abc[first], side, abc[second])
            assert len(shelf.move(abc[2], side, abc[first])["position"]) <= 16

    assert shelf.order()[-1] == "c"


# --- what may not be named ------------------------------------------------------------------------


@pytest.mark.parametrize("side", SIDES)
def test_beside_what_is_not_there_nothing_can_stand(shelf: Shelf, abc: list[Any], bob: Person, side: str) -> None:
    foreign = Shelf(bob, shelf.kind).add("hers")
    gone = shelf.add("gone")
    shelf.person.delete(f"/api/{shelf.kind}/{gone['id']}/")
    wrong = [abc[0]["id"], foreign["id"], gone["id"], *(NOWHERE[name] for name in ("list_id", "todo_id"))]

    for anchor in wrong:
        problem = assert_problem(shelf.change(abc[0], **{side: anchor}), 422, "invalid", f"/{side}")
        assert problem["errors"][0]["code"] == "unknown_neighbour"
    for anchor in wrong[1:]:
        body = {"title" if shelf.home else "name": "x", side: anchor}
        assert_problem(shelf.person.post(f"/api/{shelf.kind}/", json=body), 422, "invalid", f"/{side}")
    assert shelf.order() == ["a", "b", "c"]


def test_nothing_stands_before_one_and_after_another(shelf: Shelf, abc: list[Any]) -> None:
    both = shelf.change(abc[2], before=abc[1]["id"], after=abc[0]["id"])

    problem = assert_problem(both, 422, "invalid", "/after")
    assert problem["errors"][0]["code"] == "contradicts"


def test_the_position_itself_can_not_be_written(shelf: Shelf, abc: list[Any]) -> None:
    assert_problem(shelf.change(abc[0], position="5"), 422, "invalid", "/position")


# --- todos and their lists ------------------------------------------------------------------------


def test_a_todo_moves_to_a_place_in_another_list_in_one_change(alice: Person, groceries: Any) -> None:
    market = Shelf(alice, "todos")
    first, last = market.add("first"), market.add("last")
    todo = alice.make_todo(groceries, "moved")

    assert_problem(market.change(todo, before=last["id"]), 422, "invalid", "/before")
    assert market.change(todo, before=last["id"], list_id=market.home).status_code == 200
    assert market.order() == ["first", "moved", "last"]
    assert_problem(market.change(todo, after=first["id"], list_id=groceries["id"]), 422, "invalid", "/after")


def test_a_todo_goes_to_the_end_of_another_list_unless_told_otherwise(alice: Person, groceries: Any) -> None:
    market = Shelf(alice, "todos")
    todo = alice.make_todo(groceries, "moved")
    market.add("first")

    market.change(todo, list_id=market.home)

    assert market.order() == ["first", "moved"]


# --- several clients ------------------------------------------------------------------------------


def test_a_move_merges_with_other_changes_and_collides_with_moves(shelf: Shelf, abc: list[Any]) -> None:
    name = "title" if shelf.home else "name"
    shelf.change(abc[0], **{name: "A"}, version=1)

    moved = shelf.change(abc[0], after=abc[1]["id"], version=1).json()
    stale = shelf.change(abc[0], after=abc[2]["id"], version=1)

    assert (moved["version"], moved[name], shelf.order()) == (3, "A", ["b", "A", "c"])
    problem = assert_problem(stale, 412, "stale_version")
    assert (problem["fields"], problem["theirs"]) == (["position"], moved)


def test_two_clients_that_move_at_once_both_have_their_way(shelf: Shelf, abc: list[Any]) -> None:
    a, b, c = abc
    devices = [shelf.person, shelf.person.on_another_device()]
    together = Barrier(2, timeout=20)

    def move(device: Person, row: Any, side: str) -> int:
        together.wait()
        return device.patch(f"/api/{shelf.kind}/{row['id']}/", json={side: c["id"]}).status_code

    with ThreadPoolExecutor(2) as pool:
        for _ in range(size(10, 100)):
            assert list(pool.map(move, devices, (a, b), ("before", "after"))) == [200, 200]
            assert shelf.order() == ["a", "c", "b"]
            assert list(pool.map(move, devices, (a, b), ("after", "after"))) == [200, 200]
            assert shelf.order() in (["c", "a", "b"], ["c", "b", "a"])


# --- a full place ---------------------------------------------------------------------------------


def test_where_no_room_is_left_a_move_is_refused_until_the_neighbour_has_moved(shelf: Shelf, abc: list[Any]) -> None:
    crowd(shelf, abc)

    for refused in (shelf.change(abc[2], after=abc[0]["id"]), shelf.change(abc[2], before=abc[1]["id"])):
        assert_problem(refused, 409, "no_room")
    assert shelf.order() == ["a", "b", "c"]

    shelf.move(abc[0], "after", abc[2])
    shelf.move(abc[0], "before", abc[1])
    shelf.move(abc[2], "after", abc[0])
    assert shelf.order() == ["a", "c", "b"]


def crowd(shelf: Shelf, abc: list[Any]) -> None:
    """Give the first two rows positions of the greatest length, with nothing between them."""
    low = abc[0]["position"].ljust(MAX_LENGTH - 1, "V")
    statement = {
        "lists": "UPDATE core_list SET position = %s WHERE id = %s",
        "todos": "UPDATE core_todo SET position = %s WHERE id = %s",
    }[shelf.kind]
    with connect() as connection:
        for row, last in ((abc[0], "1"), (abc[1], "2")):
            connection.execute(statement, [low + last, row["id"]])
