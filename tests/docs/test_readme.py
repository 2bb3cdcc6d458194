"""The README's transcript, line by line, against the running service."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import URL
from tests.docs.documents import blocks, read

MARK = "--- next line ---"
VARIES = re.compile(r"\"(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{14}|\d{4}-\d\d-\d\dT[^\"]+)\"")


def transcript() -> list[tuple[str, str]]:
    """Return each line that is typed, with the answer that the README shows for it."""
    (text,) = [block.text for block in blocks(read("README.md")) if block.language == "console"]
    steps = [step.partition("\n") for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]]
    return [(typed, shown) for typed, _, shown in steps]


def type_in(lines: list[str], folder: Path) -> list[str]:
    """Type the lines into one shell, as someone of a new address, and return what each has printed."""
    script = "".join(f"{line}\nprintf '%s\\n' '{MARK}'\n" for line in lines)
    script = script.replace("http://localhost:8000", URL).replace(
        "alice@example.org", f"alice-{uuid4().hex}@example.org"
    )
    ran = subprocess.run(
        ["/bin/sh", "-e"], input=script, capture_output=True, text=True, cwd=folder, check=False, timeout=50
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    return ran.stdout.split(f"{MARK}\n")[:-1]


@pytest.mark.skipif(not shutil.which("curl"), reason="the README's transcript needs curl, which is not installed")
def test_the_transcript_answers_what_the_readme_shows(tmp_path: Path) -> None:
    typed, shown = zip(*transcript(), strict=True)

    answers = type_in(list(typed), tmp_path)

    assert [VARIES.sub("…", answer) for answer in answers] == [VARIES.sub("…", text) for text in shown]
    assert json.loads(answers[-1])["status"] == "done"
