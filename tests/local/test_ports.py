"""Ports that servers on this machine are given."""

from contextlib import ExitStack

from local.port import held


def test_a_port_that_is_held_is_given_to_nobody_else() -> None:
    with ExitStack() as held_ports:
        ports = [held_ports.enter_context(held()) for _ in range(500)]

    assert len({*ports}) == len(ports)
