"""The process that does the periodic jobs, as in its container."""

import sys
from collections.abc import Mapping

from local.app import environment
from local.choices import CLONE
from local.folder import Folder
from local.server import Server

NAME = "jobs"
LOGGER = b'"doable.jobs"'


def server(folder: Folder, variables: Mapping[str, str]) -> Server:
    """Return the server, which is ready when its log, begun anew by every start, says what it is doing."""
    log = folder.root / "logs" / f"{NAME}.log"
    return Server(
        name=NAME,
        command=(sys.executable, CLONE / "manage.py", "run_jobs"),
        environment=environment(variables),
        is_ready=lambda: LOGGER in log.read_bytes(),
    )
