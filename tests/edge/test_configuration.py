"""The configuration itself, under either profile."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from local.binaries import Binary
from tests.edge.gateway import configure, configure_tls

Configure = Callable[..., tuple[str | Path, ...]]
PROFILES = pytest.mark.parametrize("configure", [configure, configure_tls], ids=["http-local", "tls"])
TRUSTED = "10.0.0.1 2001:db8::/32"


@PROFILES
def test_nginx_has_nothing_to_complain_about(tmp_path: Path, nginx: Binary, configure: Configure) -> None:
    command = configure(tmp_path, nginx, 8000, 8001, TRUSTED_PROXIES=TRUSTED)

    result = subprocess.run([*command, "-t"], capture_output=True, text=True, check=True)  # noqa: S603 - our nginx

    complaints = [line for line in result.stderr.splitlines() if "[" in line]
    assert complaints == []


@PROFILES
def test_gixy_finds_nothing_wrong(tmp_path: Path, nginx: Binary, configure: Configure) -> None:
    configure(tmp_path, nginx, 8000, 8001, TRUSTED_PROXIES=TRUSTED)

    gixy = [Path(sys.executable).with_name("gixy"), tmp_path / "nginx" / "nginx.conf"]
    result = subprocess.run(gixy, capture_output=True, text=True, check=False)  # noqa: S603 - of our environment

    assert result.returncode == 0, result.stdout
    assert "No issues found" in result.stdout
