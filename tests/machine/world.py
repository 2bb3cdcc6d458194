"""What all rules share: the clients, how a call is sent and judged, and what holds after every step."""

from typing import Any, ClassVar, NamedTuple

import requests
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
)

from tests.machine.accounts import INBOX_STAYS, LISTS, NOT_FOUND, SIDES, TODOS, TRASH, Account, Body, Refusal, Row
from tests.machine.clients import Client, Stage
from tests.pages import page
from tests.problems import assert_problem
from tests.tags import tag_of

NAMES = st.sampled_from(["laptop", "phone", "script", "bob"])
# Who deals with a row: a device of its owner, more often than somebody else.
DEVICES = st.sampled_from(["laptop", "phone", "script", "laptop", "phone", "script", "stranger"])
# By what a call says from which state it was made.
BASES = st.sampled_from(["version", "if_match", "version", "nothing", "version", "both", "version", "any", "future"])
NOWHERE = "019aac40-12c4-7b31-8e0f-6d5c4b3a2910"

lists: Bundle[Row] = Bundle("lists")
todos: Bundle[Row] = Bundle("todos")
# What was deleted, and what never was.
dead_lists: Bundle[Row] = Bundle("dead_lists")
dead_todos: Bundle[Row] = Bundle("dead_todos")
graves = st.one_of(dead_lists, dead_todos)
homes = st.one_of(lists, lists, lists, graves)  # where a todo may be wanted, mostly rightly


class How(NamedTuple):
    """From which device a call is sent, on the ground of what, and whether with a key by which it may be repeated."""

    device: str
    base: str
    keyed: bool


HOW = st.builds(How, DEVICES, BASES, st.booleans())


class World(RuleBasedStateMachine):
    """The clients and what they have done; rules of one matter each are added by the classes beside it."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.clients = self.stage.clients()
        self.refusals: dict[tuple[str, Any], Body] = {}

    @property
    def accounts(self) -> list[Account]:
        return [self.clients["laptop"].account, self.clients["bob"].account]

    @initialize(target=dead_lists)
    def nobody_has_this_list(self) -> Row:
        return Row(None, LISTS, {"id": NOWHERE})

    @initialize(target=dead_todos)
    def nobody_has_this_todo(self) -> Row:
        return Row(None, TODOS, {"id": NOWHERE})

    @invariant()
    def revisions_have_moved_with_writes_and_with_nothing_else(self) -> None:
        self.stage.steps += 1
        expected = {account.email: account.revision for account in self.accounts}
        assert self.stage.revisions(self.accounts) == expected

    def client(self, device: str, row: Row) -> Client:
        """Return a device of the owner of a row (bob has one alone), or a stranger."""
        is_bobs = row.owner is self.clients["bob"].account
        if device == "stranger":
            return self.clients["laptop" if is_bobs else "bob"]
        return self.clients["bob" if is_bobs else device]

    def change(self, row: Row, how: How, given: Body) -> None:
        """Send a change, and check that it ends as it must after all that was acknowledged before."""
        client = self.client(how.device, row)
        version, tag = self._base(client, row, how.base), self._tag(client, row, how.base)
        body = given if version is None else given | {"version": version}
        answer = client.send("PATCH", row.path, body, if_match(tag), keyed=how.keyed)
        yours = row.judge(stored(given), version, tag) if row.is_visible_to(client.account) else NOT_FOUND
        if isinstance(yours, Refusal):
            self.assert_refused(answer, yours, row.kind)
            if yours.more:
                client.learn(answer.json()["theirs"])
            return
        assert answer.status_code == 200, answer.text
        assert_changed(row.shown, answer.json(), yours)
        if yours:
            row.change(yours, answer.json())
            assert_placed(row, given, yours)
        self.assert_shows(client, answer, row)

    def delete(self, row: Row, how: How) -> None:
        """Send a DELETE, and check that it ends as it must."""
        client = self.client(how.device, row)
        tag = self._tag(client, row, how.base)
        answer = client.send("DELETE", row.path, headers=if_match(tag), keyed=how.keyed)
        verdict = row.judge({}, None, tag) if row.is_visible_to(client.account) else NOT_FOUND
        if not isinstance(verdict, Refusal) and row.shown.get("is_inbox"):
            verdict = INBOX_STAYS
        if isinstance(verdict, Refusal):
            self.assert_refused(answer, verdict, row.kind)
            return
        assert (answer.status_code, answer.content) == (204, b""), answer.text
        client.account.delete(row)

    def read(self, row: Row, device: str, *, is_conditional: bool) -> None:
        """Send a GET, at will one that wants no answer to what the client knows."""
        client = self.client(device, row)
        headers = {"If-None-Match": client.known_tag(row)} if is_conditional else {}
        answer = client.person.get(row.path, headers=headers)
        if not row.is_visible_to(client.account):
            self.assert_refused(answer, NOT_FOUND, row.kind)
        elif is_conditional and client.known_tag(row) == tag_of(row.shown):
            assert (answer.status_code, answer.content) == (304, b"")
            assert client.known[row.id] == row.shown
        else:
            assert answer.status_code == 200, answer.text
            self.assert_shows(client, answer, row)

    def assert_shows(self, client: Client, answer: requests.Response, row: Row) -> None:
        """Check that an answer shows a row as it is, and let the client know it."""
        assert answer.json() == row.shown
        assert answer.headers["ETag"].removeprefix("W/") == tag_of(row.shown)
        client.learn(answer.json())

    def assert_refused(self, answer: requests.Response, refusal: Refusal, kind: str) -> None:
        """Check a refusal, and that of what is foreign, missing or deleted each looks like the others."""
        problem = assert_problem(answer, refusal.status, refusal.code, *refusal.pointers)
        assert tuple(error["code"] for error in problem["errors"]) == refusal.reasons
        assert {name: problem[name] for name in refusal.more} == refusal.more
        if not refusal.more and refusal.pointers != ("/version",):
            del problem["request_id"]
            looks = {"body": problem, "headers": sorted(answer.headers)}
            is_program = "Authorization" in answer.request.headers  # it is sent no Vary: Cookie
            assert looks == self.refusals.setdefault((kind, (is_program, *refusal[:3], refusal.reasons)), looks)

    def _base(self, client: Client, row: Row, base: str) -> int | None:
        if base == "future":
            return row.version + 1
        return client.known_version(row) if base in ("version", "both") else None

    def _tag(self, client: Client, row: Row, base: str) -> str | None:
        if base == "any":
            return "*"
        return client.known_tag(row) if base in ("if_match", "both") else None

    def teardown(self) -> None:
        """Check that each account holds what was acknowledged, and nothing else."""
        for client in (self.clients["laptop"], self.clients["bob"]):
            for kind in (LISTS, TODOS, TRASH):
                found = page(client.person, f"/api/{kind}/", limit=200)["results"]
                assert found == [client.account.shape(kind, row) for row in client.account.collection(kind)]


def if_match(tag: str | None) -> dict[str, str]:
    return {} if tag is None else {"If-Match": tag}


def stored(given: Body) -> Body:
    """Return what a payload becomes: one colour has one spelling."""
    return {name: value.lower() if name == "color" else value for name, value in given.items()}


def assert_changed(before: Body, after: Body, yours: Body) -> None:
    """Check that a change has done what was asked for, what follows from it, and nothing else."""
    expected = before | yours
    if yours:
        assert after["updated_at"] > before["updated_at"]
        expected |= {"version": before["version"] + 1, "updated_at": after["updated_at"]}
    if yours.get("status") == "done":
        expected["completed_at"] = after["updated_at"]
    elif "status" in yours:
        expected["completed_at"] = None
    assert after == expected


def assert_placed(row: Row, given: Body, yours: Body) -> None:
    """Check that a row that has moved stands where it was to stand, and at the end where nothing was said."""
    if "position" not in yours or row.owner is None:
        return
    order = row.owner.order(row.kind, row.shown.get("list_id"))
    side = next((side for side in SIDES if side in given), None)
    at = order.index(row)
    if side is None:
        assert order[-1] is row
    else:
        assert order[at + (1 if side == "before" else -1)].id == given[side]
