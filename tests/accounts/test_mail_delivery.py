"""Mail that goes out by SMTP."""

import re
from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from tests.accounts.mailbox import LINK, text_of
from tests.accounts.mailserver import MailServer, mail_server
from tests.accounts.post import SENDER, PostOffice
from tests.cast import Person
from tests.problems import assert_problem
from tests.workers import Worker

LINKED = "http://todo.internal:8080/#reset="
# What mailboxes may be called, in the spelling in which an address is stored.
UNUSUAL = ["o'brien", "alice+lists", "a!b#c$d%e", "{x}|y~z"]
TWO_LINES = ["a@example.org\r\nBcc: mallory@example.org", "a@example.org\nX: y", '"a\r\nBcc: b@c.org"@example.org']


@pytest.fixture(scope="module", autouse=True)
def postman(office: PostOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with office.postman(tmp_path_factory.mktemp("postman") / "log") as postman:
        yield postman


@pytest.fixture(autouse=True)
def _nothing_is_left(office: PostOffice) -> Iterator[None]:
    yield
    office.database.ask("DELETE FROM core_outgoing_mail RETURNING id")


@pytest.fixture
def server(office: PostOffice) -> Iterator[MailServer]:
    with mail_server(office.port) as server:
        yield server


def test_a_mail_arrives_once_with_all_that_belongs_to_it(office: PostOffice, server: MailServer) -> None:
    alice = office.person()

    assert office.ask_reset(alice.email).status_code == 202
    office.wait_until_gone(alice.email)

    [delivery] = server.deliveries
    letter = delivery.letter
    assert (delivery.sender, delivery.recipients) == (SENDER, [alice.email])
    assert (letter["From"], letter["To"]) == (f"Doable <{SENDER}>", alice.email)
    assert letter["Subject"] == "Choose a new password"
    assert abs(letter["Date"].datetime.replace(tzinfo=UTC) - timezone.now()) < timedelta(minutes=1)
    assert letter["Message-ID"].startswith("<")
    assert letter.get_content_type() == "multipart/alternative"


def test_text_and_page_have_the_same_link_to_the_public_address(office: PostOffice, server: MailServer) -> None:
    alice = office.person()

    office.ask_reset(alice.email)
    office.wait_until_gone(alice.email)

    [letter] = server.letters_to(alice.email)
    page = letter.get_body(("html",))
    assert page
    [token] = LINK.findall(text_of(letter))
    for part in (text_of(letter), page.get_content()):
        assert f"{LINKED}{token}" in part


def test_a_page_loads_nothing_from_elsewhere(office: PostOffice, server: MailServer) -> None:
    alice = office.person()

    office.ask_reset(alice.email)
    office.wait_until_gone(alice.email)

    page = server.letters_to(alice.email)[0].get_body(("html",))
    assert page
    assert not re.findall(r"<(?:img|link|script|style|iframe)|url\(|src=", page.get_content())


def test_a_link_that_came_by_mail_does_what_it_is_for(office: PostOffice, server: MailServer) -> None:
    alice = office.person()
    office.ask_reset(alice.email)
    office.wait_until_gone(alice.email)
    [token] = LINK.findall(text_of(server.letters_to(alice.email)[0]))

    alice.password = "another horse battery staple"
    answer = alice.post("/auth/password/reset/confirm/", json={"token": token, "password": alice.password})

    assert answer.status_code == 204
    assert alice.log_in().ok


def test_a_mail_goes_to_the_address_that_is_stored(office: PostOffice, server: MailServer) -> None:
    alice = office.person()

    office.ask_reset(f" {alice.email.upper()} ")
    office.wait_until_gone(alice.email)

    assert [delivery.recipients for delivery in server.deliveries] == [[alice.email]]


def test_mails_of_the_same_moment_go_each_to_its_own(office: PostOffice, server: MailServer) -> None:
    people = [office.person(name) for name in ("alice", "bob")]

    for person in people:
        office.ask_reset(person.email)
    for person in people:
        office.wait_until_gone(person.email)

    texts = [text_of(letter) for person in people for letter in server.letters_to(person.email)]
    assert len(texts) == len(server.deliveries) == 2
    assert len({LINK.findall(text)[0] for text in texts}) == 2


@pytest.mark.parametrize("mailbox", UNUSUAL)
def test_an_unusual_mailbox_gets_its_mail(office: PostOffice, server: MailServer, mailbox: str) -> None:
    alice = Person("alice", office.app)
    alice.email = f"{mailbox}@{alice.email.partition('@')[0]}.bücher.example.org"
    stored = alice.sign_up().json()["user"]["email"]

    office.ask_reset(alice.email)
    office.wait_until_gone(stored)

    assert len(server.letters_to(stored)) == 1


@pytest.mark.parametrize("email", TWO_LINES)
def test_an_address_of_two_lines_is_refused_before_it_could_add_a_header(office: PostOffice, email: str) -> None:
    alice = office.person()

    assert_problem(office.ask_reset(email), 422, "invalid", "/email")
    assert_problem(alice.post("/auth/email/change/", json={"email": email}), 422, "invalid", "/email")
    assert_problem(Person("mallory", office.app).sign_up(email=email), 422, "invalid", "/email")
    assert office.database.ask("SELECT count(*) FROM core_outgoing_mail WHERE email ~ '[[:cntrl:]]|bcc'") == 0


def test_a_mail_for_a_user_who_is_deleted_meanwhile_goes_to_nobody(office: PostOffice, postman: Worker) -> None:
    alice = office.person()
    office.ask_reset(alice.email)
    office.wait_until_tried(postman, alice.email)  # no server runs yet
    office.database.ask("DELETE FROM core_user WHERE email = %s RETURNING id", alice.email)

    with mail_server(office.port) as server:
        office.make_due(alice.email)
        office.wait_until_gone(alice.email)

    assert server.deliveries == []
