"""What Doable is compared with does the same work: no speed is won by an answer that is poorer or a check left out."""

import pytest

from bench.checks import faults
from bench.client import Client
from bench.data import Data
from bench.stacks import DOABLE, DRF, FASTAPI, LIMIT, NINJA, Stack
from tests.bench.conftest import Open


def installed(stack: Stack) -> object:
    reason = f"`make bench` installs {', '.join(stack.packages)}"
    return pytest.param(stack, id=stack.name, marks=pytest.mark.skipif(not stack.is_installed, reason=reason))


@pytest.mark.parametrize("stack", [installed(stack) for stack in (DRF, NINJA, FASTAPI, LIMIT)])
def test_a_stack_answers_and_refuses_as_doable_does(data: Data, doable: Client, open_stack: Open, stack: Stack) -> None:
    clients = {DOABLE.name: doable, stack.name: open_stack(stack)}

    assert list(faults(clients, data)) == []
