"""Command line: `python -m local run` and `python -m local exec COMMAND…`."""

import argparse
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import FrameType

from local import banner
from local.choices import Choices
from local.command import BY_SIGNAL, run_command
from local.fault import Fault
from local.stack import running


def main() -> int:
    """Return the exit code: 0 after a stop that was asked for, 1 after a fault, a command's own otherwise."""
    arguments = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number is signal.SIGINT or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    try:
        _refuse_other_systems()
        return int(arguments.act(arguments))
    except Fault as fault:
        sys.stderr.write(f"doable: {fault}\n")
        return 1
    except KeyboardInterrupt as stop:
        return 0 if arguments.act is _run else BY_SIGNAL + stop.args[0]


def _refuse_other_systems() -> None:
    if not sys.platform.startswith("linux"):
        raise Fault("this needs Linux; on other systems use Docker Compose (./deploy.sh)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    acts = parser.add_subparsers(required=True, metavar="run | exec")
    run = acts.add_parser("run", help="run all servers until Ctrl-C")
    run.add_argument("--parent", type=int, metavar="PID", help="say nothing, and stop when this parent process ends")
    run.add_argument("--fresh", action="store_true", help="the data folder is new and removed afterwards")
    run.set_defaults(act=_run)
    execute = acts.add_parser("exec", help="run a command with the app's environment")
    execute.add_argument("--fresh", action="store_true", help="on a new data folder, removed afterwards")
    execute.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    execute.set_defaults(act=_exec)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    choices = replace(Choices.from_environment(), is_fresh=arguments.fresh)
    with running(choices, arguments.parent) as stack:
        if not arguments.parent:
            sys.stdout.write(banner.text(stack))
            sys.stdout.flush()
        stack.wait()
    return 0


def _exec(arguments: argparse.Namespace) -> int:
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not command:
        raise Fault("exec needs a command, for example: python -m local exec -- env")
    choices = Choices.from_environment()
    if not arguments.fresh:
        return run_command(choices, command, as_root=False)
    with tempfile.TemporaryDirectory(prefix="doable-") as data:
        return run_command(replace(choices, data=Path(data), is_fresh=True), command, as_root=True)


def _stop(number: int, _frame: FrameType | None) -> None:
    """Begin the orderly stop, which nothing interrupts."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt(number)


if __name__ == "__main__":
    sys.exit(main())
