"""Mail servers as they are met: one that takes mail, one that refuses it, one that falls silent."""

import asyncio
import email
import logging
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "postman", "rings-twice"
HANG_UP = "hang up"

logging.getLogger("mail.log").setLevel(logging.WARNING)  # of aiosmtpd, which tells every line of a conversation


class Delivery(NamedTuple):
    """A mail that a server has taken, and how it came."""

    sender: str
    recipients: list[str]
    letter: EmailMessage
    is_encrypted: bool
    user: str


class MailServer:
    """Takes what it is given, or answers as it is told to: ``refusals`` holds answers by recipient or for everyone."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.attempts = 0
        self.refusals: dict[str, str] = {}
        self.passwords: list[bytes] = []
        self.hangs_up_at_the_end = False

    async def handle_RCPT(  # noqa: N802 - the names and arguments of aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.attempts += 1
        answer = self.refusals.get("everyone", "250 OK")
        if answer == HANG_UP:
            hang_up(server)
        elif answer.startswith("2"):
            self.deliveries.append(delivery(server, session, envelope))
        return answer

    async def handle_QUIT(self, server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up_at_the_end:
            hang_up(server)
        return "221 Bye"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.passwords.append(data.password)
        is_right = data == LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=is_right, handled=False, auth_data=USER)

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [delivery.letter for delivery in self.deliveries if delivery.recipients == [address]]


def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


def delivery(server: SMTP, session: Session, envelope: Envelope) -> Delivery:
    assert isinstance(envelope.content, bytes)
    assert server.transport
    is_encrypted = server.transport.get_extra_info("sslcontext") is not None
    letter = email.message_from_bytes(envelope.content, policy=default)
    user = str(session.auth_data or "")
    return Delivery(str(envelope.mail_from), envelope.rcpt_tos, letter, is_encrypted, user)


class Listener(Controller):
    """Runs a server in a thread, and at the end hangs up on whoever is still connected."""

    def __init__(self, server: MailServer, port: int, **options: Any) -> None:
        super().__init__(server, "127.0.0.1", port, **options)
        self._conversations: list[SMTP] = []

    def factory(self) -> SMTP:
        self._conversations.append(SMTP(self.handler, **self.SMTP_kwargs))
        return self._conversations[-1]

    def hang_up(self) -> None:
        for conversation in self._conversations:
            if conversation.transport:
                hang_up(conversation)

    def __enter__(self) -> None:
        self.start()

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.hang_up)
        self.stop()


@contextmanager
def mail_server(port: int) -> Iterator[MailServer]:
    """Run a server that speaks SMTP in the clear."""
    server = MailServer()
    with Listener(server, port):
        yield server


@contextmanager
def starttls_server(port: int, context: ssl.SSLContext) -> Iterator[MailServer]:
    """Run a server that wants STARTTLS and a password."""
    server = MailServer()
    encryption = {"tls_context": context, "require_starttls": True}
    with Listener(server, port, **encryption, auth_required=True, authenticator=server.authenticate):
        yield server


@contextmanager
def smtps_server(port: int, context: ssl.SSLContext) -> Iterator[MailServer]:
    """Run a server that is encrypted from the first byte on, and wants a password."""
    server = MailServer()
    # aiosmtpd counts STARTTLS alone as TLS, and this server begins with it.
    with Listener(server, port, ssl_context=context, auth_require_tls=False, authenticator=server.authenticate):
        yield server


@contextmanager
def silent_server(port: int) -> Iterator[None]:
    """Let connections be made, and never say a word."""
    with socket.create_server(("127.0.0.1", port)):
        yield
