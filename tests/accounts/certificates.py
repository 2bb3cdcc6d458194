"""A certificate for 127.0.0.1 that nobody has vouched for."""

import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

MAKE = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"


class Certificate(NamedTuple):
    """What a server shows; a client that is given the path trusts it."""

    path: Path
    context: ssl.SSLContext


def make_certificate(folder: Path) -> Certificate:
    path, key = folder / "certificate.pem", folder / "key.pem"
    options = ("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", path)
    subprocess.run((*MAKE.split(), *options), check=True, capture_output=True)  # noqa: S603 - our own command line
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return Certificate(path, context)
