"""Several clients, each with its own idea of what is there, lose nothing that they were told and see nobody else's."""

import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.drill import size
from tests.machine.batches import Batches
from tests.machine.clients import Stage
from tests.machine.paging import Paging
from tests.machine.repeating import Repeating
from tests.machine.trash import Deleted
from tests.machine.writing import Changing, Creating, Reading

pytestmark = pytest.mark.drill

STEPS = 40


class Machine(Creating, Changing, Reading, Deleted, Batches, Paging, Repeating):
    """All rules together; those of a new matter are one class more."""


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Machine.stage = Stage()
    yield stage
    stage.close()
    stage.connection.close()


@pytest.mark.timeout(0)
def test_no_client_loses_a_write_or_sees_what_is_not_its_own(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    options = settings(
        max_examples=size(25, 5000),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=options)
    with capsys.disabled():
        sys.stdout.write(f"\n{stage}\n")
