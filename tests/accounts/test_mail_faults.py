"""Mail servers that are gone, refuse, hang up or fall silent: no request notices, and no mail is lost or doubled."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest

from local.waiting import wait_until
from tests.accounts.answers import visible_parts
from tests.accounts.mailserver import HANG_UP, mail_server, silent_server
from tests.accounts.post import CANT, SOON, PostOffice
from tests.workers import Worker

AGE = """
UPDATE core_outgoing_mail SET created_at = now() - interval '25 hours', due_at = now(), attempts = %s
WHERE email = %s RETURNING id
"""
MANY = """
INSERT INTO core_outgoing_mail (id, letter, email, created_at, attempts, due_at)
SELECT gen_random_uuid(), 'account_deleted', %s, now(), 0, now() - interval '1 minute' FROM generate_series(1, 30)
RETURNING id
"""  # more than there are seconds to wait, because after a fault of the server the next second tries the next mail
PAUSE = "SELECT extract(epoch FROM due_at - now()) FROM core_outgoing_mail WHERE email = %s"
TWO_LINES = """
INSERT INTO core_outgoing_mail (id, letter, email, created_at, attempts, due_at)
VALUES (gen_random_uuid(), 'account_deleted', %s, now(), 0, now()) RETURNING id
"""
ENDED_SESSION = """
UPDATE core_session SET expires_at = now() - interval '1 day'
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""
SESSIONS = "SELECT count(*) FROM core_session WHERE user_id = (SELECT id FROM core_user WHERE email = %s)"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postman") / "log"


@pytest.fixture(scope="module")
def postman(office: PostOffice, log: Path) -> Iterator[Worker]:
    with office.postman(log) as postman:
        yield postman


@pytest.fixture(autouse=True)
def _the_log_names_nobody(office: PostOffice, postman: Worker, log: Path) -> Iterator[None]:
    assert postman.process.pid
    yield
    office.database.ask("DELETE FROM core_outgoing_mail RETURNING id")
    assert "@example.org" not in log.read_text()


def no_server(_port: int) -> AbstractContextManager[None]:
    return nullcontext()


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (no_server, "ConnectionRefusedError: [Errno 111] Connection refused"),
        (silent_server, "SMTPServerDisconnected: Connection unexpectedly closed: timed out"),
    ],
    ids=["a server that is gone", "a silent server"],
)
def test_a_request_does_not_notice_and_the_mail_goes_out_once_later(
    office: PostOffice, postman: Worker, fault: Callable[[int], AbstractContextManager[None]], reason: str
) -> None:
    alice = office.person()
    with mail_server(office.port) as server:
        usual = office.ask_reset(alice.email)
        office.wait_until_gone(alice.email)

    with fault(office.port):
        answer = office.ask_reset(alice.email)
        assert office.wait_until_tried(postman, alice.email) == reason

    assert visible_parts(answer) == visible_parts(usual)
    assert answer.elapsed.total_seconds() < 1
    assert len(server.deliveries) == 1
    assert_it_goes_out_once(office, alice.email)


def assert_it_goes_out_once(office: PostOffice, email: str) -> None:
    with mail_server(office.port) as server:
        office.make_due(email)
        office.wait_until_gone(email)

    assert [delivery.recipients for delivery in server.deliveries] == [[email]]


def test_the_pauses_between_two_attempts_grow(office: PostOffice, postman: Worker) -> None:
    alice = office.person()
    office.ask_reset(alice.email)

    pauses = []
    for times in (1, 2, 3):
        office.wait_until_tried(postman, alice.email, times)
        pauses.append(round(float(office.database.ask(PAUSE, alice.email)), -1))
        office.make_due(alice.email)

    assert pauses == [10, 20, 40]
    assert_it_goes_out_once(office, alice.email)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("451 4.3.0 Try again later, {email}", "SMTPDataError 451"),
        ("554 5.7.1 No mail for {email}", "SMTPDataError 554"),
        (HANG_UP, "SMTPServerDisconnected: Connection unexpectedly closed"),
    ],
)
def test_a_mail_that_the_server_does_not_take_is_tried_again(
    office: PostOffice, postman: Worker, answer: str, reason: str
) -> None:
    alice = office.person()
    with mail_server(office.port) as server:
        server.refusals["everyone"] = answer.format(email=alice.email)
        office.ask_reset(alice.email)
        assert office.wait_until_tried(postman, alice.email) == reason

    assert (server.attempts, server.deliveries) == (1, [])
    assert_it_goes_out_once(office, alice.email)


def test_mails_that_are_refused_hold_up_no_other(office: PostOffice, postman: Worker) -> None:
    alice, gone = office.person(), "gone@example.org"
    with mail_server(office.port) as server:
        server.refusals[gone] = f"550 5.1.1 {gone} is unknown"
        office.database.ask(MANY, gone)
        office.ask_reset(alice.email)
        office.wait_until_gone(alice.email)

    assert [delivery.recipients for delivery in server.deliveries] == [[alice.email]]
    assert "SMTPRecipientsRefused 550" in [entry["reason"] for entry in postman.entries if entry["message"] == CANT]


def test_a_server_that_hangs_up_after_it_has_taken_a_mail_gets_it_once(office: PostOffice) -> None:
    alice = office.person()
    with mail_server(office.port) as server:
        server.hangs_up_at_the_end = True
        office.ask_reset(alice.email)
        office.wait_until_gone(alice.email)

    assert len(server.deliveries) == 1


def test_other_jobs_are_done_while_the_mail_server_is_silent(office: PostOffice, postman: Worker) -> None:
    alice = office.person()
    with silent_server(office.port):
        office.ask_reset(alice.email)
        office.wait_until_tried(postman, alice.email)
        office.database.ask(ENDED_SESSION, alice.email)
        wait_until(lambda: office.database.ask(SESSIONS, alice.email) == 0, SOON, "other jobs are not done")

    assert postman.process.poll() is None
    assert_it_goes_out_once(office, alice.email)


def test_a_mail_is_given_up_after_a_day(office: PostOffice, postman: Worker) -> None:
    alice = office.person()
    office.ask_reset(alice.email)
    office.wait_until_tried(postman, alice.email)

    office.database.ask(AGE, 30, alice.email)
    office.wait_until_gone(alice.email)

    [entry] = [entry for entry in postman.entries if entry["message"] == "mail was given up after a day"]
    assert (entry["level"], entry["letter"]) == ("error", "reset_password")


def test_a_mail_that_nobody_has_tried_for_a_day_goes_out_all_the_same(office: PostOffice, postman: Worker) -> None:
    alice = office.person()
    office.ask_reset(alice.email)
    office.wait_until_tried(postman, alice.email)

    with mail_server(office.port) as server:
        office.database.ask(AGE, 0, alice.email)
        office.wait_until_gone(alice.email)

    assert len(server.letters_to(alice.email)) == 1


def test_a_stored_address_of_two_lines_adds_no_header_and_holds_up_no_mail(office: PostOffice, postman: Worker) -> None:
    alice = office.person()
    email = "alice@example.org\r\nBcc: mallory@example.org"
    with mail_server(office.port) as server:
        office.database.ask(TWO_LINES, email)
        assert office.wait_until_tried(postman, email) == "ValueError"
        office.ask_reset(alice.email)
        office.wait_until_gone(alice.email)

    assert [delivery.recipients for delivery in server.deliveries] == [[alice.email]]
