"""A second app server beside those of the stack, for what the stack is not set to."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from local.app import GRANIAN
from local.child import spawn
from local.port import held
from local.waiting import wait_until

START_DEADLINE = 60  # seconds
STOP_DEADLINE = 30  # seconds


@contextmanager
def second_app(**changes: str) -> Iterator[str]:
    """Run the app with some variables changed, on a free port and without nginx; yield its address.

    Its attachments lie in a folder of its own, because it may run as another user than the stack.
    """
    command = (GRANIAN, "--interface", "wsgi", "app.config.wsgi:application")
    with held() as port, tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as media:
        url = f"http://127.0.0.1:{port}"
        server = {"GRANIAN_HOST": "127.0.0.1", "GRANIAN_PORT": str(port), "GRANIAN_WORKERS": "1"}
        environment = os.environ | server | {"MEDIA_ROOT": media} | changes
        # In a session of its own, the thread that hashes passwords does not give way to all that the tests do.
        options = {"stdout": log, "stderr": subprocess.STDOUT, "start_new_session": True}
        process = spawn(command, environment, signal.SIGTERM, **options)
        try:
            wait_until(lambda: is_live(url), START_DEADLINE, f"the second app isn't ready at {url}")
            yield url
        finally:
            process.terminate()
            process.wait(STOP_DEADLINE)


def is_live(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/live/", timeout=1).ok
    except requests.RequestException:  # not there yet, or too busy to answer in time
        return False
