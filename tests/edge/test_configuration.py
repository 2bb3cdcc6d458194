"""The configuration itself."""

import subprocess
from pathlib import Path

from local.binaries import Binary
from tests.edge.gateway import configure


def test_nginx_has_nothing_to_complain_about(tmp_path: Path, nginx: Binary) -> None:
    command = configure(tmp_path, nginx, port=8000, app_port=8001)

    result = subprocess.run([*command, "-t"], capture_output=True, text=True, check=True)  # noqa: S603 - our nginx

    complaints = [line for line in result.stderr.splitlines() if "[" in line]
    assert complaints == []
