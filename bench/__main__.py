"""Command line of `make bench`."""

import argparse
import signal
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from bench import report
from bench.campaign import FULL, QUICK, Campaign
from bench.data import Data, connect
from bench.load import require_wrk
from bench.publish import keep, kept
from bench.results import Results
from bench.stores import stores
from local.choices import Choices
from local.fault import Fault

STOPPED = 130  # the exit code of a shell after Ctrl-C


def main() -> int:
    """Return the exit code: 0 when everything was measured, 1 after a fault."""
    arguments = parser().parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        results = kept() if arguments.redraw else measured(is_quick=arguments.quick)
    except Fault as fault:
        sys.stderr.write(f"bench: {fault}\n")
        return 1
    except KeyboardInterrupt:
        return STOPPED
    sys.stdout.write(report.text(results))
    if not arguments.quick:
        keep(results)
    return 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    found.add_argument("--quick", action="store_true", help="little data and one short round: whether it all works")
    found.add_argument("--redraw", action="store_true", help="measure nothing: write the tables and figures anew")
    return found


def measured(*, is_quick: bool) -> Results:
    require_wrk()
    with tempfile.TemporaryDirectory(prefix="doable-") as data, tempfile.TemporaryDirectory(prefix="bench-") as work:
        choices = replace(Choices.from_environment(), data=Path(data), is_fresh=is_quick)
        with stores(choices) as stack, connect() as connection:
            return Campaign(stack, Data(connection), QUICK if is_quick else FULL, Path(work)).run()


if __name__ == "__main__":
    sys.exit(main())
