"""Rules: walking through the pages of a collection, forwards and backwards, while others write."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, rule

from tests.machine.accounts import LISTS, NONE, OWN_ORDER, TODOS, TRASH, Body, Row, sort_key
from tests.machine.clients import Client
from tests.machine.world import DEVICES, NAMES, World, lists
from tests.problems import assert_problem

LIMITS = st.sampled_from([1, 1, 2, 3])
WAYS = st.lists(st.sampled_from(["next", "next", "previous"]), min_size=1, max_size=5)
FILTERS = [{}, {}, {}, {"status": "todo"}, {"status": "in_progress,done"}, {"priority": "none,high"}]
KEYS = ("created", "updated", "due", "priority", "position", "title")
walks: "Bundle[Walk]" = Bundle("walks")


class Asked(NamedTuple):
    """A collection, narrowed and ordered; no order is that of its own."""

    kind: str
    filters: Mapping[str, str] = NONE
    order: str = ""

    @property
    def params(self) -> Body:
        return dict(self.filters) | ({"order": self.order} if self.order else {})

    def key(self, row: Row) -> Any:
        return sort_key(row, self.order or OWN_ORDER[self.kind])

    @property
    def is_descending(self) -> bool:
        return (self.order or OWN_ORDER[self.kind]).startswith("-")


COLLECTIONS = st.one_of(
    st.sampled_from([Asked(TODOS, filters) for filters in FILTERS]),
    st.sampled_from([Asked(TODOS, filters, sign + key) for filters in FILTERS for key in KEYS for sign in ("", "-")]),
    st.sampled_from([Asked(LISTS, NONE, order) for order in ("", "name", "position")]),
    st.just(Asked(TRASH)),
)


class Edge(NamedTuple):
    """Where a page ended: the cursor that the server gave, and what it stands for."""

    cursor: str
    key: Any


class Walk:
    """A client on its way through a collection, and the rows that were there when it began."""

    def __init__(self, client: Client, asked: Asked, limit: int) -> None:
        self.client, self.asked, self.limit = client, asked, limit
        self.edges: dict[str, Edge] = {}
        self.seen: list[str] | None = []  # None once it has turned around
        self.stays = {row.id: row.stay for row in self.rows()}
        self.step("next")

    def rows(self) -> list[Row]:
        return self.client.account.collection(*self.asked)

    def step(self, direction: str) -> None:
        """Ask for the page in a direction, and check that it has exactly the rows that lie there now."""
        edge = self.edges.get(direction)
        params = self.asked.params | {"limit": self.limit} | ({"cursor": edge.cursor} if edge else {})
        answer = self.client.person.get(f"/api/{self.asked.kind}/", params=params)
        assert answer.status_code == 200, answer.text
        self.client.tally["further pages" if edge else "first pages"] += 1
        page = answer.json()
        rows, has_more = self._expected(direction, edge.key if edge else None)
        assert page["results"] == [self.client.account.shape(self.asked.kind, row) for row in rows]
        assert bool(page[direction]) == has_more
        self._note(direction, rows, page)

    def _expected(self, direction: str, key: Any) -> tuple[list[Row], bool]:
        rows = self.rows()
        if key is not None:
            is_upwards = (direction == "next") != self.asked.is_descending
            rows = [row for row in rows if (self.asked.key(row) > key if is_upwards else self.asked.key(row) < key)]
        return rows[: self.limit] if direction == "next" else rows[-self.limit :], len(rows) > self.limit

    def _note(self, direction: str, rows: list[Row], page: Body) -> None:
        keys = {"previous": self.asked.key(rows[0]), "next": self.asked.key(rows[-1])} if rows else {}
        self.edges = {way: Edge(page[way], key) for way, key in keys.items() if page[way]}
        for row in rows if self.asked.kind == TODOS else []:
            self.client.learn(row.shown)
        if direction == "previous":
            self.seen = None
        elif self.seen is not None:
            self.seen += [row.id for row in rows]
            if "next" not in self.edges:
                self._assert_complete(self.seen)

    def _assert_complete(self, seen: list[str]) -> None:
        """Check that the pages together showed each row that stayed put once, in order, and none twice."""
        stayed = [row.id for row in self.rows() if self.stays.get(row.id) == row.stay]
        assert [row for row in seen if row in stayed] == stayed
        if self.asked.order in ("", "created", "-created"):  # where no change moves a row
            assert len(seen) == len(set(seen))


class Paging(World):
    @rule(target=walks, name=NAMES, asked=COLLECTIONS, limit=LIMITS, ways=WAYS)
    def begin_to_walk(self, name: str, asked: Asked, limit: int, ways: list[str]) -> Walk:
        return self._go(Walk(self.clients[name], asked, limit), ways)

    @rule(target=walks, device=DEVICES, home=lists, limit=LIMITS, ways=WAYS)
    def begin_to_walk_through_the_todos_of_a_list(self, device: str, home: Row, limit: int, ways: list[str]) -> Walk:
        return self._go(Walk(self.client(device, home), Asked(TODOS, {"list_id": home.id}), limit), ways)

    @rule(walk=walks, ways=WAYS)
    def walk_on(self, walk: Walk, ways: list[str]) -> None:
        self._go(walk, ways)

    def _go(self, walk: Walk, ways: list[str]) -> Walk:
        for way in ways:
            if way in walk.edges:
                walk.step(way)
        return walk

    @rule(walk=walks, name=NAMES)
    def follow_a_cursor_of_someone_else(self, walk: Walk, name: str) -> None:
        client = self.clients[name]
        for edge in walk.edges.values() if client.account is not walk.client.account else ():
            params = walk.asked.params | {"cursor": edge.cursor}
            assert_problem(client.person.get(f"/api/{walk.asked.kind}/", params=params), 400, "invalid_cursor")
