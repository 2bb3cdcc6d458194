"""./deploy.sh with PROFILE=tls, and what it refuses."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.waiting import wait_until
from tests.cast import Person, created
from tests.compose.deployment import Deployment, free_port

pytestmark = pytest.mark.compose
MAKE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
RENEWED = 60  # seconds until nginx shows it


@pytest.fixture(scope="module")
def https_port(deployment: Deployment) -> Iterator[int]:
    """Bring the deployment up with TLS for the tests of this module."""
    port = free_port()
    result = deployment.deploy(**with_tls(port))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "the certificate is one for trying" in result.stdout
    assert "nginx is made anew, as its image or settings have changed" in result.stdout
    yield port
    deployment.deploy()


def with_tls(port: int) -> dict[str, str]:
    return {"PROFILE": "tls", "PUBLIC_URL": f"https://localhost:{port}", "HTTPS_PORT": str(port)}


def make_certificate(folder: Path, name: str, key: str = "") -> None:
    command = (*MAKE.split(), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    files = ("-out", folder / f"{name}.pem", "-keyout", folder / f"{key or f'{name}-key'}.pem")
    subprocess.run((*command, *files), check=True, capture_output=True)  # noqa: S603 - our own command line


def shown(port: int) -> str:
    """Return the certificate that nginx shows."""
    return ssl.get_server_certificate(("localhost", port))


def test_a_person_signs_up_over_tls_with_a_certificate_for_trying(deployment: Deployment, https_port: int) -> None:
    alice = Person("alice", f"https://localhost:{https_port}")
    alice.trust_env = False  # a machine may name its own authorities there
    alice.verify = str(deployment.folder / "tls" / "fullchain.pem")
    alice.headers["Origin"] = alice.url

    created(alice.sign_up())
    assert {cookie.name for cookie in alice.cookies} == {"__Host-sessionid", "__Host-csrftoken"}
    assert alice.get("/auth/me/").headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_who_comes_by_http_is_sent_to_the_public_address(deployment: Deployment, https_port: int) -> None:
    answer = Person("alice", deployment.url).get("/api/docs/", headers={"Host": "evil.example"})

    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://localhost:{https_port}/api/docs/")


def test_a_renewed_certificate_is_shown_without_a_restart(deployment: Deployment, https_port: int) -> None:
    before, nginx = shown(https_port), deployment.compose("ps", "--quiet", "nginx")
    make_certificate(deployment.folder / "tls", "fullchain", "privkey")

    wait_until(lambda: shown(https_port) != before, RENEWED, "nginx shows the old certificate")

    assert deployment.compose("ps", "--quiet", "nginx") == nginx


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"PUBLIC_URL": "http://todo.my-house.net"}, "would send passwords there in the clear"),
        ({"PROFILE": "tls", "PUBLIC_URL": "http://localhost"}, "needs a PUBLIC_URL that begins with https://"),
        ({"PROFILE": "tls", "PUBLIC_URL": "https://localhost"}, "PROFILE=tls needs HTTPS_PORT"),
        ({"PROFILE": "both"}, "PROFILE is neither http-local nor tls"),
        (with_tls(8443) | {"TLS_FOLDER": "/nowhere"}, "/nowhere/fullchain.pem, the certificate, is missing"),
        (with_tls(8443) | {"TLS_FOLDER": "nginx", "TLS_CERTIFICATE": "start.sh", "TLS_KEY": "start.sh"}, "has ended"),
        ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "TRUSTED_PROXIES has 0.0.0.0/0"),
        ({"PORT": "none"}, "none is no port"),
    ],
)
def test_unsafe_settings_are_refused_before_anything_changes(
    deployment: Deployment, settings: dict[str, str], reason: str
) -> None:
    before = deployment.compose("ps", "--quiet")

    result = deployment.deploy(**settings)

    assert (result.returncode, result.stdout) == (1, "")
    assert reason in result.stderr
    assert deployment.compose("ps", "--quiet") == before


def test_a_port_that_another_program_has_is_refused(deployment: Deployment) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = deployment.deploy(PORT=str(port))

    assert result.stderr == f"deploy: port {port} is taken by another program; choose another in .env\n"


def test_the_key_has_to_be_that_of_the_certificate(deployment: Deployment) -> None:
    folder = deployment.folder / "tls-of-two"
    folder.mkdir()
    for name in ("one", "two"):
        make_certificate(folder, name)

    result = deployment.deploy(
        **with_tls(8443), TLS_FOLDER=str(folder), TLS_CERTIFICATE="one.pem", TLS_KEY="two-key.pem"
    )

    assert result.stderr == f"deploy: {folder}/two-key.pem is not the key of {folder}/one.pem\n"
