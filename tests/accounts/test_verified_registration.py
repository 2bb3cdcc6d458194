"""Signing up where addresses are verified (REGISTRATION=verified)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.signing import TimestampSigner, b62_encode

from local.port import claim
from tests.accounts.answers import visible_parts
from tests.accounts.mailbox import Mailbox, text_of
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import ask, is_known
from tests.servers import second_app


def verify(person: Person, token: object) -> int:
    return person.post("/auth/email/verify/", json={"token": token}).status_code


def test_a_sign_up_is_answered_with_a_letter_and_no_session(newcomer: Person, mailbox: Mailbox) -> None:
    answer = newcomer.sign_up()

    assert (answer.status_code, answer.json()) == (202, {"detail": "A mail is on its way to this address."})
    assert len(mailbox.letters_to(newcomer.email)) == 1
    assert newcomer.get("/auth/me/").status_code == 401


def test_a_taken_address_looks_exactly_like_a_free_one(newcomer: Person) -> None:
    free = newcomer.sign_up()
    taken = newcomer.sign_up()

    assert visible_parts(free) == visible_parts(taken)


def test_the_owner_of_a_taken_address_is_told_by_mail(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()
    newcomer.sign_up(password="somebody else's try")

    subjects = sorted(letter["Subject"] for letter in mailbox.letters_to(newcomer.email))
    assert subjects == ["Confirm your address", "You have an account already"]


def test_signing_up_again_with_the_same_password_mails_another_link(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()
    newcomer.sign_up()

    assert [letter["Subject"] for letter in mailbox.letters_to(newcomer.email)] == ["Confirm your address"] * 2


def test_whose_address_is_verified_gets_no_further_link(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()
    verify(newcomer, mailbox.token_for(newcomer.email))

    assert newcomer.sign_up().status_code == 202

    [letter] = [one for one in mailbox.letters_to(newcomer.email) if one["Subject"] == "You have an account already"]
    assert "#verify=" not in text_of(letter)
    assert len(mailbox.letters_to(newcomer.email)) == 2


def test_sign_ups_with_one_address_at_the_same_moment_all_look_the_same(newcomer: Person, mailbox: Mailbox) -> None:
    crowd = [Person("twin", newcomer.url) for _ in range(3)]  # as many as may have a password hashed at once
    for person in crowd:
        person.email = newcomer.email

    with ThreadPoolExecutor(len(crowd)) as threads:
        answers = list(threads.map(lambda person: person.sign_up(), crowd))

    assert [answer.status_code for answer in answers] == [202] * len(crowd)
    assert len({str(visible_parts(answer)[:2]) for answer in answers}) == 1
    assert ask("SELECT count(*) FROM core_user WHERE email = %s", newcomer.email) == 1
    assert mailbox.letters_to(newcomer.email)


def test_a_sign_up_whose_letter_cant_be_sent_says_so_and_can_be_repeated() -> None:
    with second_app(REGISTRATION="verified", EMAIL_URL=f"smtp://127.0.0.1:{claim(0)}") as url:
        newcomer = Person("newcomer", url)
        answers = newcomer.sign_up(), newcomer.sign_up()

    for answer in answers:
        assert_problem(answer, 503, "unavailable")
        assert "Retry-After" in answer.headers


def test_a_second_sign_up_changes_nothing_of_the_first(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()
    token = mailbox.token_for(newcomer.email)
    newcomer.sign_up(password="somebody else's try", name="Mallory")

    assert verify(newcomer, token) == 204
    assert newcomer.log_in(password="somebody else's try").status_code == 401
    assert newcomer.log_in().json()["user"]["name"] == ""


def test_before_the_address_is_verified_a_login_fails_like_a_wrong_password(newcomer: Person) -> None:
    newcomer.sign_up()

    unverified, wrong = newcomer.log_in(), newcomer.log_in(password="not her password")

    assert_problem(unverified, 401, "invalid_credentials")
    assert visible_parts(unverified) == visible_parts(wrong)


def test_the_mailed_token_opens_the_account(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()

    assert verify(newcomer, mailbox.token_for(newcomer.email)) == 204
    assert newcomer.log_in().json()["user"]["is_verified"] is True


def test_a_token_works_once(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()
    token = mailbox.token_for(newcomer.email)

    assert [verify(newcomer, token), verify(newcomer, token)] == [204, 422]


def test_the_link_leads_to_the_configured_address_whatever_host_was_asked(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.headers["Host"] = "localhost:1"
    newcomer.sign_up()

    [letter] = mailbox.letters_to(newcomer.email)
    assert "localhost:1/" not in text_of(letter)
    assert "/#verify=" in text_of(letter)


@pytest.mark.parametrize("letter", ["", "x", "a.b.c", "ü:ü:ü", "x" * 1000])
def test_a_forged_token_is_refused(newcomer: Person, letter: str) -> None:
    newcomer.fetch_csrf_token()

    assert_problem(newcomer.post("/auth/email/verify/", json={"token": letter}), 422, "invalid_token")


def test_a_changed_token_is_refused(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up()
    token = mailbox.token_for(newcomer.email)

    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, len(token), 9)]

    assert {verify(newcomer, one) for one in changed} == {422}
    assert newcomer.log_in().status_code == 401


class Signer(TimestampSigner):
    """Signs like the service did some seconds ago."""

    def __init__(self, age: int = 0, salt: str = "doable.verify-email") -> None:
        super().__init__(salt=salt)
        self.age = age

    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - self.age)

    def token(self, person: Person, email: str = "") -> str:
        """Return a token for a person's account and address, or for another address."""
        user_id = ask("SELECT id FROM core_user WHERE email = %s", person.email)
        return self.sign_object({"user": str(user_id), "email": email or person.email})


def test_a_token_lives_an_hour(newcomer: Person) -> None:
    newcomer.sign_up()

    assert verify(newcomer, Signer(age=3601).token(newcomer)) == 422
    assert verify(newcomer, Signer(age=3540).token(newcomer)) == 204


def test_a_token_that_was_signed_for_something_else_is_refused(newcomer: Person) -> None:
    newcomer.sign_up()

    assert verify(newcomer, Signer(salt="doable.cursor").token(newcomer)) == 422
    assert newcomer.log_in().status_code == 401


def test_a_token_is_for_one_account_and_its_address(newcomer: Person, verifying_app: str) -> None:
    other = Person("other", verifying_app)
    for person in (newcomer, other):
        person.sign_up()

    for address in (other.email, "nobody@example.org"):
        assert verify(newcomer, Signer().token(newcomer, address)) == 422
    assert [person.log_in().status_code for person in (newcomer, other)] == [401, 401]


def test_a_weak_password_is_refused_for_a_taken_address_too(newcomer: Person) -> None:
    newcomer.sign_up()

    assert_problem(newcomer.sign_up(password="short"), 422, "invalid", "/password")


def test_a_refused_sign_up_sends_no_letter(newcomer: Person, mailbox: Mailbox) -> None:
    newcomer.sign_up(password="short")

    assert mailbox.letters_to(newcomer.email) == []
    assert not is_known(newcomer.email)
