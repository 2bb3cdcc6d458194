"""Runs one command with the app's environment, against the running stack or one started for it."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from local.account import give_up_root
from local.child import spawn
from local.choices import CLONE, Choices
from local.environment import with_inherited
from local.fault import Fault
from local.folder import Folder
from local.waiting import wait_until

START_DEADLINE = 180  # seconds; a first start makes the database and compiles the app
NOT_FOUND = 127  # the exit codes of a shell
BY_SIGNAL = 128


def run_command(choices: Choices, command: Sequence[str], *, as_root: bool) -> int:
    """Return the command's exit code. Raise Fault where the stack doesn't start.

    The variables are read from a file of the servers' user, who must not become root by what stands there: without
    ``as_root``, which is for folders that were made a moment ago, root gives itself up first.
    """
    folder = Folder(choices.data)
    with _variables(folder, choices) as variables:
        if not as_root:
            give_up_root(folder.root, ())
        return _run(command, with_inherited(variables))


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    try:
        process = spawn(command, environment, signal.SIGTERM)
    except OSError as refusal:
        sys.stderr.write(f"doable: {command[0]} can't be run ({refusal.strerror})\n")
        return NOT_FOUND

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C in a terminal has reached the command already.
        if number != signal.SIGINT:
            process.send_signal(number)

    signal.signal(signal.SIGINT, pass_on)
    signal.signal(signal.SIGTERM, pass_on)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, pass_on)
    code = process.wait()
    return code if code >= 0 else BY_SIGNAL - code


@contextmanager
def _variables(folder: Folder, choices: Choices) -> Iterator[dict[str, str]]:
    if supervisor := folder.supervisor():
        variables = _wait_for_variables(folder, supervisor, lambda: folder.supervisor() == supervisor)
        if not variables:
            raise Fault(f"the servers in DATA={folder.root} have just stopped; try again")
        yield variables
        return
    stack = OwnStack(choices, os.environ)
    try:
        yield stack.variables()
    finally:
        stack.stop()


class OwnStack:
    """A stack that comes up at once and lives as long as this process at most."""

    def __init__(self, choices: Choices, environment: Mapping[str, str]) -> None:
        self._folder = Folder(choices.data)
        fresh = ("--fresh",) if choices.is_fresh else ()
        self._process = spawn(
            (sys.executable, "-m", "local", "run", "--parent", str(os.getpid()), *fresh),
            {**environment, "DATA": str(choices.data)},
            signal.SIGTERM,
            cwd=CLONE,
            process_group=0,  # Ctrl-C is for the command
        )

    def variables(self) -> dict[str, str]:
        """Wait until all is ready; return the app's variables. Raise Fault where the stack doesn't start."""
        variables = _wait_for_variables(self._folder, self._process.pid, lambda: self._process.poll() is None)
        if not variables:
            _explain_end(self._process.wait())
        return variables

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def _explain_end(code: int) -> NoReturn:
    if code == 1:
        raise SystemExit(1)  # the supervisor has said why
    raise Fault("the command was not run, because the servers were stopped before they were ready")


def _wait_for_variables(folder: Folder, supervisor: int, is_alive: Callable[[], bool]) -> dict[str, str] | None:
    """Return the variables once that supervisor's stack is ready, None where it ends before."""
    late = f"the servers in DATA={folder.root} aren't ready after {START_DEADLINE} seconds"
    wait_until(lambda: folder.variables_of(supervisor) is not None or not is_alive(), START_DEADLINE, late)
    return folder.variables_of(supervisor) if is_alive() else None
