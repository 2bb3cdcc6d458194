"""Some people of the measurements in the database of the tests, and the applications that are compared."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bench.client import Client
from bench.data import Data, connect
from bench.stacks import DOABLE, Stack, served

Open = Callable[[Stack], Client]


@pytest.fixture(scope="package")
def data() -> Iterator[Data]:
    with connect() as connection:
        data = Data(connection)
        data.add_people(3)
        yield data


@pytest.fixture(scope="package")
def open_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """Return a function that starts a stack, once, and returns a client of it."""
    with ExitStack() as exits:
        opened: dict[str, Client] = {}

        def open_stack(stack: Stack) -> Client:
            if stack.name not in opened:
                log = tmp_path_factory.mktemp("bench") / f"{stack.name}.log"
                opened[stack.name] = Client(exits.enter_context(served(stack, log)).port)
            return opened[stack.name]

        yield open_stack


@pytest.fixture
def doable(open_stack: Open) -> Client:
    return open_stack(DOABLE)
