"""What Doable is compared with does the same work: no speed is won by a poorer answer or a check that is left out."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bench.checks import faults
from bench.client import Answer, Client
from bench.data import Data
from bench.operations import Ask
from bench.stacks import DOABLE, DRF, FASTAPI, GRANIAN_WSGI, LIMIT, NINJA, Stack
from tests.bench.conftest import Open

# Under the server that is always there.
SERVED_DRF = DRF._replace(command=(*GRANIAN_WSGI, "bench.baselines.drf.wsgi:application"), packages=())


def installed(stack: Stack) -> Any:
    reason = f"`make bench` installs {', '.join(stack.packages)}"
    return pytest.param(stack, id=stack.name, marks=pytest.mark.skipif(not stack.is_installed, reason=reason))


@pytest.mark.parametrize("stack", [installed(stack) for stack in (SERVED_DRF, NINJA, FASTAPI, LIMIT)])
def test_a_stack_answers_and_refuses_as_doable_does(data: Data, doable: Client, open_stack: Open, stack: Stack) -> None:
    clients = {DOABLE.name: doable, stack.name: open_stack(stack)}

    assert list(faults(clients, data)) == []


class Cheat:
    """Doable, if it did less than it should: what an answer becomes on its way."""

    def __init__(self, client: Client, change: "Change") -> None:
        self._client = client
        self._change = change

    def ask(self, ask: Ask) -> Answer:
        return self._change(ask, self._client.ask(ask))


Change = Callable[[Ask, Answer], Answer]


def poorer(_: Ask, answer: Answer) -> Answer:
    return answer._replace(body=answer.body.replace(b'"due_timezone":null,', b""))


def shorter(_: Ask, answer: Answer) -> Answer:
    return answer._replace(body=re.sub(rb'"results":\[\{[^}]*\},', b'"results":[', answer.body))


def open_to(refused: int, done: int) -> Change:
    return lambda _, answer: answer._replace(status=done) if answer.status == refused else answer


def always_known(ask: Ask, answer: Answer) -> Answer:
    return Answer(304, b"", '"1"') if "If-None-Match" in ask.headers else answer._replace(tag='"1"')


def unwritten(ask: Ask, answer: Answer) -> Answer:
    return answer._replace(body=answer.body.replace(b"roses", b"tulips")) if ask.method == "PATCH" else answer


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (poorer, "/api/todos/?status=todo of cheat"),
        (shorter, "/api/todos/?status=todo of cheat"),
        (open_to(401, 200), "no session at cheat: 200"),
        (open_to(403, 201), "no CSRF token at cheat: 201"),
        (open_to(404, 200), "another's todo at cheat: 200"),
        (always_known, "what has changed at cheat counts as known"),
        (unwritten, "PATCH of cheat"),
    ],
    ids=["poorer", "shorter", "open to strangers", "open to forgery", "showing others'", "always known", "unwritten"],
)
def test_a_stack_that_does_less_is_found_out(data: Data, doable: Client, change: Change, fault: str) -> None:
    found = list(faults({DOABLE.name: doable, "cheat": Cheat(doable, change)}, data))

    assert any(each.startswith(fault) for each in found), found
