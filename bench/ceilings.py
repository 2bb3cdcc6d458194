"""What nothing on this machine gets beyond: the statements alone, and bytes that nginx has at hand."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from bench.addresses import postgresql_variables
from bench.baselines import STATUSES, statements
from bench.client import Client
from bench.data import YEAR, Data
from bench.load import put_load, write_requests
from bench.operations import WARM_PAGE, Ask
from bench.stacks import Door
from local.fault import Fault

SCRIPTS = 50  # of each statement, with other values
CLIENTS = 8
FILE = "page.json"
PLACE = re.compile(r"\$(\d+)")
RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def statement_rates(pgbench: Path, data: Data, seconds: int) -> dict[str, float]:
    """Return how many times a second PostgreSQL answers each statement alone, prepared."""
    written = {
        "page": pages(data, Random("pgbench")),
        "todo": (filled(statements.TODO, todo, person.id) for person, todo in data.drawn()),
        "lists": (filled(statements.LISTS, person.id, 51) for person in data.people),
    }
    return {name: statement_rate(pgbench, texts, seconds) for name, texts in written.items()}


def pages(data: Data, dice: Random) -> Iterator[str]:
    while True:
        person, before = dice.choice(data.people), data.start + YEAR * dice.uniform(0.3, 1)
        yield filled(statements.PAGE, person.id, dice.choice(STATUSES), before, UUID(int=0), 51)


def filled(statement: str, *values: Any) -> str:
    """Return a statement with its values in it."""
    texts = [str(value) if isinstance(value, int) else f"'{value}'" for value in values]
    return PLACE.sub(lambda place: texts[int(place[1]) - 1], statement)


def statement_rate(pgbench: Path, texts: Iterator[str], seconds: int) -> float:
    with tempfile.TemporaryDirectory(prefix="doable-") as folder:
        scripts = [Path(folder) / str(number) for number in range(SCRIPTS)]
        for script, text in zip(scripts, texts, strict=False):
            script.write_text(f"{' '.join(text.split())};\n")
        files = [f"--file={script}" for script in scripts if script.exists()]
        options = ("--no-vacuum", "--protocol=prepared", f"--client={CLIENTS}", f"--time={seconds}")
        command, environment = (str(pgbench), *options, *files), os.environ | postgresql_variables()
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - made here
    if not (found := RATE.search(ran.stdout)):
        raise Fault(f"pgbench has failed: {ran.stderr.strip()}")
    return float(found[1])


def bytes_rate(door: Door, data: Data, folder: Path, seconds: int) -> float:
    """Return how many times a second nginx sends the bytes of a page from a file."""
    assert door.files  # noqa: S101 - a door of nginx
    page = next(WARM_PAGE.asks(data, Random("nginx")))
    (door.files / FILE).write_bytes(Client(door.port).ask(page).body)
    requests = folder / "nginx"
    write_requests(requests, [Ask("GET", f"/{FILE}", {}).raw])
    load = put_load(door.port, requests, seconds)
    requests.unlink()
    if load.bytes // load.requests not in WARM_PAGE.bytes:
        raise Fault("nginx does not send the bytes of a page")
    return load.requests / load.seconds
