"""Requests that nobody thought of are answered as described; schemathesis makes them up, by schemathesis.toml."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cast import URL, Person
from tests.drill import size

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
GENERATED = re.compile(r"(\d+) generated")
PHASES = "examples,coverage,fuzzing,stateful"
SHORT_PHASES = "examples,fuzzing,stateful"  # coverage walks along every edge of every member


@pytest.fixture
def users(alice: Person, bob: Person, tmp_path: Path) -> Path:
    """Return the file of those who call, each by an API token."""
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"auth": [caller("alice", alice), caller("bob", bob)]}))
    return path


def caller(name: str, person: Person) -> dict[str, Any]:
    header = {"name": "Authorization", "value": f"Bearer {person.make_token()['token']}"}
    return {"name": name, "fixedHeaders": [header]}


@pytest.mark.drill
@pytest.mark.parametrize("seed", range(1, size(1, 3) + 1))
def test_schemathesis_finds_nothing(users: Path, seed: int) -> None:
    phases = [SHORT_PHASES, PHASES][size(0, 1)]

    run = fuzz(users, "--seed", str(seed), "--max-examples", str(size(2, 90)), "--phases", phases)

    assert run.returncode == 0, run.stdout[-20_000:]
    [generated] = GENERATED.findall(run.stdout)
    assert int(generated) >= size(50, 3400)


def fuzz(users: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run schemathesis on /api/."""
    program = Path(sys.executable).with_name("schemathesis")
    command = [str(program), "--config-file", str(CONFIGURATION), "run", f"{URL}/api/schema/", "--no-color", *more]
    environment = os.environ | {"FUZZING_USERS": str(users), "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False)  # noqa: S603 - our own
