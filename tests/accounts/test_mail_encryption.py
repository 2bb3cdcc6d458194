"""Mail over TLS: to a server that proves who it is, or not at all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from local.waiting import wait_until
from tests.accounts.certificates import Certificate, make_certificate
from tests.accounts.mailserver import PASSWORD, USER, MailServer, mail_server, smtps_server, starttls_server
from tests.accounts.post import SOON, PostOffice
from tests.workers import Worker

SERVERS = {"smtp+tls": starttls_server, "smtp+ssl": smtps_server}
UNPROVEN = "certificate verify failed: self-signed certificate"
UNENCRYPTED = "STARTTLS extension not supported by server"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """Return where the log goes, in which no password may stand."""
    log = tmp_path / "log"
    yield log
    assert PASSWORD not in log.read_text()
    assert "mail goes to 127.0.0.1:" in log.read_text()


@contextmanager
def postman(office: PostOffice, scheme: str, log: Path, **more: str) -> Iterator[Worker]:
    with office.postman(log, f"{scheme}://{USER}:{PASSWORD}@127.0.0.1:{office.port}", **more) as postman:
        yield postman
    office.database.ask("DELETE FROM core_outgoing_mail RETURNING id")


def wait_until_it_says(postman: Worker, reason: str, times: int = 1) -> None:
    def says() -> bool:
        return sum(reason in str(entry.get("reason")) for entry in postman.entries) >= times

    wait_until(says, SOON, f"the log lacks: {reason}")


def encrypted(office: PostOffice, scheme: str, certificate: Certificate) -> AbstractContextManager[MailServer]:
    return SERVERS[scheme](office.port, certificate.context)


@pytest.mark.parametrize("scheme", SERVERS)
def test_mail_is_encrypted_and_the_password_shown(
    office: PostOffice, scheme: str, certificate: Certificate, log: Path
) -> None:
    alice = office.person()
    with (
        postman(office, scheme, log, SSL_CERT_FILE=str(certificate.path)),
        encrypted(office, scheme, certificate) as server,
    ):
        office.ask_reset(alice.email)
        office.wait_until_gone(alice.email)

    [delivery] = server.deliveries
    assert (delivery.recipients, delivery.is_encrypted, delivery.user) == ([alice.email], True, USER)


@pytest.mark.parametrize("scheme", SERVERS)
def test_a_server_that_proves_nothing_gets_neither_mail_nor_password(
    office: PostOffice, scheme: str, certificate: Certificate, log: Path
) -> None:
    alice = office.person()
    with postman(office, scheme, log) as sender, encrypted(office, scheme, certificate) as server:
        office.ask_reset(alice.email)
        wait_until_it_says(sender, UNPROVEN)
        office.make_due(alice.email)
        wait_until_it_says(sender, UNPROVEN, times=2)

    assert (server.deliveries, server.passwords) == ([], [])


def test_a_server_without_starttls_gets_no_mail_in_the_clear(office: PostOffice, log: Path) -> None:
    alice = office.person()
    with postman(office, "smtp+tls", log) as sender, mail_server(office.port) as server:
        office.ask_reset(alice.email)
        wait_until_it_says(sender, UNENCRYPTED)
        office.make_due(alice.email)
        wait_until_it_says(sender, UNENCRYPTED, times=2)

    assert (server.deliveries, server.passwords) == ([], [])


def test_a_wrong_password_is_told_by_its_code_alone(office: PostOffice, certificate: Certificate, log: Path) -> None:
    alice = office.person()
    url = f"smtp+tls://{USER}:{PASSWORD}-once-more@127.0.0.1:{office.port}"
    with (
        office.postman(log, url, SSL_CERT_FILE=str(certificate.path)) as sender,
        encrypted(office, "smtp+tls", certificate) as server,
    ):
        office.ask_reset(alice.email)
        wait_until_it_says(sender, "SMTPAuthenticationError 535")

    assert server.deliveries == []
    office.database.ask("DELETE FROM core_outgoing_mail RETURNING id")
