"""A stack for each process that runs tests, so that none is in the way of another."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from local.choices import Choices
from local.command import OwnStack

CHOSEN = ("PUBLIC_URL", "EMAIL_URL")  # what a stack takes from its surroundings, and has set for this process


@contextmanager
def fresh_stacks(count: int) -> Iterator[list[dict[str, str]]]:
    """Bring up new stacks, all at once; yield the variables of each, and leave no data behind."""
    surroundings = {name: value for name, value in os.environ.items() if name not in CHOSEN}
    with ExitStack() as exits:
        folders = [Path(exits.enter_context(tempfile.TemporaryDirectory(prefix="doable-"))) for _ in range(count)]
        choices = Choices.from_environment()
        stacks = [OwnStack(replace(choices, data=data, is_fresh=True), surroundings) for data in folders]
        for stack in stacks:
            exits.callback(stack.stop)
        yield [stack.variables() for stack in stacks]
