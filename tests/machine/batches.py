"""Rules: many changes by one call, all or none of them, or each for itself."""

from copy import deepcopy
from typing import Any, NamedTuple
from uuid import uuid4

import requests
from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, rule

from tests.machine.accounts import INBOX_STAYS, LISTS, NOT_FOUND, TODOS, Account, Body, Refusal, Row
from tests.machine.clients import Client
from tests.machine.world import BASES, NAMES, World, assert_changed, graves, homes, lists, stored, todos
from tests.machine.writing import LIST_FIELDS, TODO_FIELDS, some
from tests.problems import assert_problem

ACTS = st.sampled_from(["update", "update", "complete", "move", "delete"])
WISHES = st.lists(
    st.tuples(ACTS, st.one_of(todos, todos, lists, graves), some(TODO_FIELDS), some(LIST_FIELDS), BASES),
    min_size=1,
    max_size=5,
)
Wish = tuple[str, Row, Body, Body, str]


class Command(NamedTuple):
    """A command of a batch: what it does to which row, from which version."""

    act: str
    kind: str
    id: str
    fields: Body = {}
    version: int | None = None

    @property
    def body(self) -> Body:
        version = {} if self.version is None else {"version": self.version}
        fields = {} if self.act == "complete" else self.fields
        return {"do": f"{self.act}_{self.kind.removesuffix('s')}", "id": self.id, **fields, **version}


class Batches(World):
    @rule(target=todos, name=NAMES, home=homes, wishes=WISHES, how=st.tuples(*[st.booleans()] * 3))
    def send_a_batch(
        self, name: str, home: Row, wishes: list[Wish], how: tuple[bool, bool, bool]
    ) -> MultipleResults[Row]:
        """Send commands together; a list and a todo that it makes are named by those that follow."""
        client, (is_atomic, is_making, keyed) = self.clients[name], how
        commands = [command_for(client, wish, home) for wish in wishes]
        commands = made_and_completed(commands) if is_making else commands
        before = set(client.account.rows[TODOS])
        verdicts = try_out(client.account, commands)
        body = {"atomic": is_atomic, "commands": [command.body for command in commands]}
        answer = client.send("POST", "/api/batch/", body, keyed=keyed)
        if is_atomic and any(isinstance(verdict, Refusal) for verdict in verdicts):
            assert_nothing_done(answer, verdicts)
            return multiple()
        assert answer.status_code == 200, answer.text
        if all(isinstance(verdict, Refusal) for verdict in verdicts):
            client.account.revision -= 1  # nothing has changed, and nothing is counted
        for command, result in zip(commands, answer.json()["results"], strict=True):
            assert_done(client, command, result)
        rows = client.account.rows[TODOS]
        return multiple(*(rows[new] for new in rows.keys() - before))


def command_for(client: Client, wish: Wish, home: Row) -> Command:
    act, row, todo_fields, list_fields, base = wish
    known = row.version + 1 if base == "future" else client.known_version(row)
    version = None if base in ("nothing", "any") else known
    if row.kind == LISTS:
        is_delete = act == "delete"
        return Command("delete" if is_delete else "update", LISTS, row.id, {} if is_delete else list_fields, version)
    fields = {"update": todo_fields, "complete": {"status": "done"}, "move": {"list_id": home.id}, "delete": {}}
    return Command(act, TODOS, row.id, fields[act], version)


def made_and_completed(commands: list[Command]) -> list[Command]:
    """Begin with a new list and a todo in it, and end with what only works because of that."""
    new_list, new_todo = str(uuid4()), str(uuid4())
    return [
        Command("create", LISTS, new_list, {"name": "Groceries"}),
        Command("create", TODOS, new_todo, {"title": "Buy oat milk", "list_id": new_list}),
        *commands,
        Command("complete", TODOS, new_todo, {"status": "done"}, 1),
    ]


def try_out(account: Account, commands: list[Command]) -> list[Body | Refusal]:
    """Return how each command must end after those before it, without changing the account."""
    trial = deepcopy(account)
    return [do(trial, command, None) for command in commands]


def do(account: Account, command: Command, shown: Body | None) -> Body | Refusal:
    """Do a command to the model, with what an answer shows of it, or else as far as that can be foretold."""
    if command.act == "create":
        first = {**command.fields, "id": command.id, "version": 1, "is_inbox": False, "status": "todo"}
        account.add(command.kind, shown or first)
        return command.fields
    row = account.rows[command.kind].get(command.id)
    if row is None or not row.is_present:
        return NOT_FOUND
    if command.act == "delete":
        return delete(account, row, command)
    yours = row.judge(stored(command.fields), command.version, None)
    if yours and not isinstance(yours, Refusal):
        row.change(yours, shown or row.shown | yours | {"version": row.version + 1})
    return yours


def delete(account: Account, row: Row, command: Command) -> Body | Refusal:
    tag = None if command.version in (None, row.version) else '"another"'
    verdict = row.judge({}, None, tag)
    if isinstance(verdict, Refusal):
        return verdict
    if row.shown.get("is_inbox"):
        return INBOX_STAYS
    account.delete(row)
    return {}


def assert_done(client: Client, command: Command, result: Any) -> None:
    """Check what has come of a command, and do it to the model."""
    row = client.account.rows[command.kind].get(command.id)
    before = row.shown if row else {}
    verdict = do(client.account, command, result.get("body"))
    if isinstance(verdict, Refusal):
        assert_result_refused(result, verdict, [*verdict.more])
        return
    assert result["status"] == {"create": 201, "delete": 204}.get(command.act, 200)
    if command.act == "create":
        assert result["body"].items() >= command.body.items() - {("do", command.body["do"])}
    elif command.act != "delete":
        assert_changed(before, result["body"], verdict)
    if "body" in result:
        client.learn(result["body"])


def assert_nothing_done(answer: requests.Response, verdicts: list[Body | Refusal]) -> None:
    """Check that the first failure is named, and that all others were not applied."""
    number = next(number for number, verdict in enumerate(verdicts) if isinstance(verdict, Refusal))
    refusal = verdicts[number]
    assert isinstance(refusal, Refusal)
    pointers = [f"/commands/{number}{pointer}" for pointer in refusal.pointers or ("",)]
    results = assert_problem(answer, 422, "batch_failed", *pointers)["results"]
    assert_result_refused(results.pop(number), refusal, [name for name in refusal.more if name == "fields"])
    assert all((result["status"], result["problem"]["code"]) == (424, "not_applied") for result in results)
    assert len(results) == len(verdicts) - 1


def assert_result_refused(result: Any, refusal: Refusal, shown: list[str]) -> None:
    problem = result["problem"]
    assert (result["status"], problem["code"]) == (refusal.status, refusal.code)
    assert tuple(error["pointer"] for error in problem["errors"]) == refusal.pointers
    assert tuple(error["code"] for error in problem["errors"]) == refusal.reasons
    assert {name: problem[name] for name in shown} == {name: refusal.more[name] for name in shown}
