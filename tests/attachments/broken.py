"""Uploads that break off in the middle."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.cast import Person


@contextmanager
def half_sent(person: Person, todo: Any) -> Iterator[None]:
    """Send the half of what was announced, and hang up at the end of the block."""
    address = urlsplit(person.url)
    head = [
        f"POST /api/todos/{todo['id']}/attachments/?name=half.png HTTP/1.1",
        f"Host: {address.netloc}",
        f"Cookie: {'; '.join(f'{name}={value}' for name, value in person.cookies.items())}",
        f"X-CSRFToken: {person.headers['X-CSRFToken']!s}",
        "Content-Length: 1000000",
    ]
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode() + b"x" * 500_000)
        yield
