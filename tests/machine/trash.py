"""Rules: what was deleted is taken back, with what went along, or goes for good."""

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, rule

from tests.machine.accounts import LISTS, NOT_FOUND, TODOS, TRASH, Body, Row
from tests.machine.clients import Client
from tests.machine.world import DEVICES, NAMES, World, dead_lists, dead_todos, graves, lists, todos

Back = Row | MultipleResults[Row]
KEYED = st.booleans()
PART = st.integers(0, 3)


class Deleted(World):
    @rule(target=lists, row=dead_lists, device=DEVICES, keyed=KEYED)
    def restore_list(self, row: Row, device: str, *, keyed: bool) -> Back:
        return row if self._restore(self.client(device, row), row, keyed=keyed) else multiple()

    @rule(target=todos, row=dead_todos, device=DEVICES, keyed=KEYED)
    def restore_todo(self, row: Row, device: str, *, keyed: bool) -> Back:
        return row if self._restore(self.client(device, row), row, keyed=keyed) else multiple()

    @rule(row=graves, device=DEVICES, keyed=KEYED)
    def delete_for_good(self, row: Row, device: str, *, keyed: bool) -> None:
        client = self.client(device, row)
        answer = client.send("DELETE", f"/api/trash/{row.id}/", keyed=keyed)
        if is_in_trash_of(client, row):
            assert (answer.status_code, answer.content) == (204, b""), answer.text
            client.account.forget(row)
        else:
            self.assert_refused(answer, NOT_FOUND, TRASH)

    @rule(name=NAMES, part=PART, keyed=KEYED)
    def empty_the_trash(self, name: str, part: int, *, keyed: bool) -> None:
        """Do so seldom, for the sake of the other rules."""
        client = self.clients[name]
        if part == 0:
            assert client.send("DELETE", "/api/trash/", keyed=keyed).status_code == 204
            for row in client.account.collection(TRASH):
                if row.is_stored:
                    client.account.forget(row)

    def _restore(self, client: Client, row: Row, *, keyed: bool) -> bool:
        """Send the way back, and check that it ends as it must; return whether the row is back."""
        answer = client.send("POST", f"/api/trash/{row.id}/restore/", keyed=keyed)
        if not is_in_trash_of(client, row):
            self.assert_refused(answer, NOT_FOUND, TRASH)
            return False
        assert answer.status_code == 200, answer.text
        home = row if row.kind == LISTS else row.home
        came_back = with_todos(home) if home and home.deletion else []
        for other in [row, *(other for other in came_back if other is not row)]:
            shown = answer.json() if other is row else client.person.get(other.path).json()
            self._come_back(other, shown)
        self.assert_shows(client, answer, row)
        return True

    def _come_back(self, row: Row, shown: Body) -> None:
        """Check that a row is back as it was, but for a version more."""
        expected = row.shown | {name: shown[name] for name in ("version", "updated_at")}
        assert shown == expected
        assert shown["version"] == row.version + 1
        row.deletion = 0
        row.change(["deleted_at"], shown)


def is_in_trash_of(client: Client, row: Row) -> bool:
    return row.owner is client.account and row.is_stored and bool(row.deletion)


def with_todos(home: Row) -> list[Row]:
    """Return a list and the todos that went into the trash with it."""
    assert home.owner
    return [home, *(todo for todo in home.owner.order(TODOS, home.id) if not todo.deletion)]
