"""Rules: walking through the pages of a collection, forwards and backwards, while others write."""

from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, rule

from tests.machine.accounts import LISTS, TODOS, Body, Row, sort_key
from tests.machine.clients import Client
from tests.machine.world import DEVICES, NAMES, World, lists
from tests.problems import assert_problem

LIMITS = st.integers(1, 3)
walks: "Bundle[Walk]" = Bundle("walks")
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["todo", "done"]),
        "priority": st.sampled_from(["none", "high"]),
        "due_date": st.just("2026-12-24"),
    },
)


class Edge(NamedTuple):
    """Where a page ended: the cursor that the server gave, and the row that it stands for."""

    cursor: str | None
    key: Any


class Walk:
    """A client on its way through a collection, and the rows that were there when it began."""

    def __init__(self, client: Client, kind: str, filters: Body, limit: int) -> None:
        self.client, self.kind, self.filters, self.limit = client, kind, filters, limit
        self.edges: dict[str, Edge] = {}
        self.seen: list[str] | None = []  # None once it has turned around
        self.stays = {row.id: row.stay for row in self.matching()}

    def matching(self) -> list[Row]:
        return self.client.account.matching(self.kind, self.filters)

    def step(self, direction: str) -> None:
        """Ask for the page in a direction, and check that it has exactly the rows that lie there now."""
        edge = self.edges.get(direction)
        params = self.filters | {"limit": self.limit} | ({"cursor": edge.cursor} if edge else {})
        answer = self.client.person.get(f"/api/{self.kind}/", params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        rows, has_more = self._expected(direction, edge.key if edge else None)
        assert page["results"] == [row.shown for row in rows]
        assert bool(page[direction]) == has_more
        self._note(direction, rows, page)

    def _expected(self, direction: str, key: Any) -> tuple[list[Row], bool]:
        rows = self.matching()
        if key is not None:
            is_ahead = (direction == "next") == (self.kind == LISTS)
            rows = [row for row in rows if (sort_key(row) > key if is_ahead else sort_key(row) < key)]
        kept = rows[: self.limit] if direction == "next" else rows[-self.limit :]
        return kept, len(rows) > self.limit

    def _note(self, direction: str, rows: list[Row], page: Body) -> None:
        for row in rows:
            self.client.learn(row.shown)
        if rows:
            keys = {"previous": sort_key(rows[0]), "next": sort_key(rows[-1])}
            self.edges = {way: Edge(page[way], keys[way]) for way in keys if page[way]}
        else:
            self.edges = {}
        if direction == "previous":
            self.seen = None
        elif self.seen is not None:
            self.seen += [row.id for row in rows]
            if "next" not in self.edges:
                self._assert_complete()

    def _assert_complete(self) -> None:
        """Check that the pages together showed each row that stayed put once, in order, and none twice."""
        assert self.seen is not None
        stayed = [row.id for row in self.matching() if self.stays.get(row.id) == row.stay]
        assert [seen for seen in self.seen if seen in stayed] == stayed
        assert len(self.seen) == len(set(self.seen))


class Paging(World):
    @rule(target=walks, name=NAMES, kind=st.sampled_from([TODOS, TODOS, LISTS]), filters=FILTERS, limit=LIMITS)
    def begin_to_walk(self, name: str, kind: str, filters: Body, limit: int) -> Walk:
        walk = Walk(self.clients[name], kind, filters if kind == TODOS else {}, limit)
        walk.step("next")
        return walk

    @rule(target=walks, device=DEVICES, home=lists, limit=LIMITS)
    def begin_to_walk_through_the_todos_of_a_list(self, device: str, home: Row, limit: int) -> Walk:
        walk = Walk(self.client(device, home), TODOS, {"list_id": home.id}, limit)
        walk.step("next")
        return walk

    @rule(walk=walks, pages=st.integers(1, 3))
    def walk_on(self, walk: Walk, pages: int) -> None:
        for _ in range(pages):
            if "next" in walk.edges:
                walk.step("next")

    @rule(walk=walks, pages=st.integers(1, 3))
    def walk_back(self, walk: Walk, pages: int) -> None:
        for _ in range(pages):
            if "previous" in walk.edges:
                walk.step("previous")

    @rule(walk=walks, name=NAMES)
    def follow_a_cursor_of_someone_else(self, walk: Walk, name: str) -> None:
        client = self.clients[name]
        for edge in walk.edges.values() if client.account is not walk.client.account else ():
            params = walk.filters | {"cursor": edge.cursor}
            assert_problem(client.person.get(f"/api/{walk.kind}/", params=params), 400, "invalid_cursor")
