"""A client that sees every byte of an answer."""

from http.client import HTTPConnection
from typing import NamedTuple, Protocol

from bench.operations import Ask

TIMEOUT = 30  # seconds


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    tag: str


class Asked(Protocol):
    """Whoever answers."""

    def ask(self, ask: Ask) -> Answer: ...


class Client(NamedTuple):
    """Someone who asks at a port of this machine, each time on a new connection: a refusal may have closed the last."""

    port: int

    def ask(self, ask: Ask) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            connection.request(ask.method, ask.path, ask.body or None, {"Host": "127.0.0.1"} | ask.headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), answer.headers.get("ETag", ""))
        finally:
            connection.close()
