"""One deployment of its own: a copy of the clone, a project name and a port that nobody else uses."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from local.port import held

CLONE = Path(__file__).parents[2]
NOT_IN_A_FRESH_CLONE = shutil.ignore_patterns(
    *(".git", ".venv", ".env", ".tools", ".*_cache", "__pycache__"),
    *("backups", "data", "media", "secrets", "staticfiles", "*.pem"),
)

# Requests of this machine come from the first address of the network, which Docker takes from one of these ranges.
GATEWAYS = " ".join([f"172.{n}.0.1" for n in range(17, 32)] + [f"192.168.{n}.1" for n in range(0, 256, 16)])

PASSWORDS = {"doable": "database_password", "doable_monitor": "monitor_password", "postgres": "postgres_password"}


class Deployment:
    def __init__(self, folder: Path, name: str = "test") -> None:
        self.folder = folder / "clone"
        shutil.copytree(CLONE, self.folder, ignore=NOT_IN_A_FRESH_CLONE)
        self.project = f"doable-{name}-{os.getpid()}"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"

    def run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program in the copy, in the project; its exit code is for the caller to judge."""
        own = {"COMPOSE_PROJECT_NAME": self.project, "PORT": str(self.port), "RATE_LIMIT_EXEMPT": GATEWAYS}
        return subprocess.run(  # noqa: S603 - the commands stand in the tests
            command, cwd=self.folder, env=os.environ | own | variables, capture_output=True, text=True, check=False
        )

    def compose(self, *arguments: str) -> str:
        """Run `docker compose` and return its output. Raise CalledProcessError where it fails."""
        result = self.run("docker", "compose", *arguments)
        result.check_returncode()
        return result.stdout

    def docker(self, *arguments: str) -> str:
        """Run `docker`, as what is no part of Compose would, and return its output."""
        result = self.run("docker", *arguments)
        result.check_returncode()
        return result.stdout

    def container(self, service: str) -> str:
        """Return the id of the one container of a service."""
        return self.compose("ps", "--all", "--quiet", service).strip()

    @contextmanager
    def beside_app1(self) -> Iterator[str]:
        """Have a container of `docker compose run app1` for a while, as a backup does, and tell its id."""
        run = ("run", "--detach", "--no-deps", "--entrypoint", "sleep", "app1", "infinity")
        container = self.compose(*run).strip()
        try:
            yield container
        finally:
            self.docker("rm", "--force", container)

    def deploy(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run("./deploy.sh", **variables)

    def require_images(self, *names: str) -> None:
        """Skip a test whose images nobody has brought to this machine."""
        for name in names:
            if self.run("docker", "image", "inspect", name).returncode:
                pytest.skip(f"the image {name} is not on this machine")

    def states(self) -> dict[str, str]:
        """Return the health of each service that goes on."""
        lines = self.compose("ps", "--all", "--format", "{{.Service}} {{.Health}}").splitlines()
        found = dict(line.split(" ", maxsplit=1) for line in lines)
        return {service: health for service, health in found.items() if service not in ("migrate", "secrets")}

    def secret(self, name: str) -> Path:
        return self.folder / "secrets" / name

    def psql(self, *statements: str, role: str = "doable", options: str = "") -> subprocess.CompletedProcess[str]:
        """Run SQL as the application's role, or another, over the network that the application uses."""
        password = self.secret(PASSWORDS[role]).read_text()
        address = f"host=db dbname=doable user={role} password={password} {options}"
        words = [word for statement in statements for word in ("--command", statement)]
        return self.run("docker", "compose", "exec", "-T", "db", "psql", "--no-psqlrc", "-At", address, *words)

    def ask(self, statement: str, role: str = "postgres") -> str:
        """Return what a statement returns, as text."""
        result = self.psql(statement, role=role)
        result.check_returncode()
        return result.stdout.strip()

    def redis(self, *words: str, user: str = "doable") -> str:
        """Return what Redis answers to the application's user, or another."""
        login = f"REDISCLI_AUTH=$(cat /run/secrets/{'redis' if user == 'doable' else user}_password)"
        command = f"{login} redis-cli --user {user} {' '.join(words)}"
        return self.compose("exec", "-T", "redis", "sh", "-c", command).strip()

    def is_at_work(self, container: str) -> bool:
        """Tell whether a container of jobs has said that it does them."""
        return "this process does the periodic jobs" in self.run("docker", "logs", container).stderr

    def remove(self) -> None:
        self.compose("down", "--volumes", "--remove-orphans")
        self.run("docker", "image", "rm", f"{self.project}-app")


def free_port() -> int:
    with held() as port:
        return port
