"""nginx in front of a stack, with the files of `nginx/`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import Group
from bench.stacks import Door, answers, running
from local.binaries import Binary
from local.environment import MINIMAL
from local.nginx import write_configuration
from local.port import held
from local.server import Server

# Started by root, the workers would not be root and could not enter the folder.
DIRECTIVES = "daemon off; user root;" if os.geteuid() == 0 else "daemon off;"


@contextmanager
def behind_nginx(door: Door, nginx: Binary, folder: Path) -> Iterator[Door]:
    """Run nginx before a stack until the end of the block; yield its own door."""
    web = folder / "web"
    web.mkdir(parents=True)
    with held() as port, running(server_of(door, nginx, port, folder), folder / "nginx.log") as pid:
        yield Door(port, (*door.groups, Group("nginx", pid)), web)


def server_of(door: Door, nginx: Binary, port: int, folder: Path) -> Server:
    web, prefix = folder / "web", folder / "nginx"
    variables = {
        "PROFILE": "http-local",
        "NGINX_LISTEN": f"127.0.0.1:{port}",
        "APP_ADDRESS": f"127.0.0.1:{door.port}",
        "STATIC_ROOT": str(web),
        "MEDIA_ROOT": str(web),
        "WEB_ROOT": str(web),
        "RATE_LIMIT_EXEMPT": "127.0.0.1",
        "OPERATOR_ADDRESSES": "127.0.0.1",
        "TRUSTED_PROXIES": "",
    }
    write_configuration(prefix, variables)
    command = (nginx.path, "-p", prefix, "-c", prefix / "nginx.conf", "-e", "stderr", "-g", DIRECTIVES)
    return Server("nginx", command, MINIMAL, lambda: answers(port))
