"""nginx with the files of `nginx/`, the same as in the container."""

import http.client
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from local.binaries import Binary
from local.child import Task
from local.choices import CLONE
from local.environment import MINIMAL
from local.fault import Fault
from local.folder import Folder
from local.server import Server

SOURCE = CLONE / "nginx"


def prepare(folder: Folder, binary: Binary, variables: Mapping[str, str]) -> None:
    """Write the configuration and have nginx test it. Raise Fault with its complaint."""
    prefix = folder.plain / "nginx"
    shutil.rmtree(prefix, ignore_errors=True)
    write_configuration(prefix, variables)
    (prefix / "web").symlink_to(CLONE / "web")  # the clone may have a path that nginx can't write
    docs = folder.plain / "static" / "docs"
    docs.unlink(missing_ok=True)
    docs.symlink_to(Path(sys.prefix) / "docs")  # what `make docs` has made, if it has
    Task("nginx -t", (*_command(prefix, binary), "-t"), MINIMAL, folder.root / "logs" / "nginx-test.log").finish()


def write_configuration(prefix: Path, variables: Mapping[str, str]) -> None:
    """Copy `nginx/` to the prefix and fill its templates, as `nginx/start.sh` does in the container.

    Raise Fault where TRUSTED_PROXIES can't be understood.
    """
    shutil.copytree(SOURCE, prefix)
    filled = prefix / "conf.d"
    (filled / "trusted_proxies.conf").write_text(_trusted_proxies(variables["TRUSTED_PROXIES"]))
    for template in sorted((SOURCE / "templates").glob("*.template")):
        (filled / template.stem).write_text(_fill(template.read_text(), variables))


def _trusted_proxies(addresses: str) -> str:
    environment = {"PATH": os.defpath, "TRUSTED_PROXIES": addresses}
    script = ("sh", SOURCE / "trusted_proxies.sh")
    written = subprocess.run(script, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - ours
    if written.returncode:
        raise Fault(written.stderr.strip().removeprefix("doable: "))
    return written.stdout


def _fill(text: str, variables: Mapping[str, str]) -> str:
    """Replace each ${NAME} that is one of the variables; nginx has variables of its own."""
    return re.sub(r"\$\{([A-Z_]+)\}", lambda found: variables.get(found[1], found[0]), text)


def server(folder: Folder, binary: Binary, port: int, public_url: str) -> Server:
    # Empty since the test, and filled once the port is bound: before that, another program may answer there.
    pid_file = folder.plain / "nginx" / "nginx.pid"
    return Server(
        name="nginx",
        command=(*_command(folder.plain / "nginx", binary), "-g", "daemon off;"),
        environment=MINIMAL,
        is_ready=lambda: pid_file.stat().st_size > 0 and _everything_is_ready(port, urlsplit(public_url).netloc),
    )


def _command(prefix: Path, binary: Binary) -> tuple[str | Path, ...]:
    return (binary.path, "-p", prefix, "-c", prefix / "nginx.conf", "-e", "stderr")


def _everything_is_ready(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready/", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
