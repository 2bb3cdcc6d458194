"""Signing up where addresses are verified (REGISTRATION=verified)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.accounts.answers import visible_parts
from tests.accounts.mailbox import letters_to, subjects_to, text_of, token_for
from tests.cast import Person
from tests.problems import assert_problem
from tests.rows import INBOXES, ask, is_known

AGE = """
UPDATE core_mailed_token SET expires_at = now()
WHERE user_id = (SELECT id FROM core_user WHERE email = %s) RETURNING id
"""


def verify(person: Person, token: object) -> int:
    return person.post("/auth/email/verify/", json={"token": token}).status_code


def test_a_sign_up_is_answered_with_a_letter_and_no_session(newcomer: Person) -> None:
    answer = newcomer.sign_up()

    assert (answer.status_code, answer.json()) == (202, {"detail": "A mail is on its way to this address."})
    assert subjects_to(newcomer.email) == ["Confirm your address"]
    assert newcomer.get("/auth/me/").status_code == 401


def test_a_letter_says_the_same_as_plain_text_and_as_a_page(newcomer: Person) -> None:
    newcomer.sign_up()

    [letter] = letters_to(newcomer.email)

    page = letter.get_body(("html",))
    assert page
    for part in (text_of(letter), page.get_content()):
        assert f"/#verify={token_for(newcomer.email)}" in part


def test_a_taken_address_looks_exactly_like_a_free_one(newcomer: Person) -> None:
    free = newcomer.sign_up()
    taken = newcomer.sign_up()

    assert visible_parts(free) == visible_parts(taken)


def test_the_owner_of_a_taken_address_is_told_by_mail(newcomer: Person) -> None:
    newcomer.sign_up()
    newcomer.sign_up(password="somebody else's try")

    assert sorted(subjects_to(newcomer.email)) == ["Confirm your address", "You have an account already"]


def test_either_way_there_is_one_account_with_one_inbox(newcomer: Person) -> None:
    newcomer.sign_up()
    newcomer.sign_up(password="somebody else's try")

    assert ask(INBOXES, newcomer.email) == 1


def test_signing_up_again_with_the_same_password_mails_another_link(newcomer: Person) -> None:
    newcomer.sign_up()
    newcomer.sign_up()

    assert subjects_to(newcomer.email) == ["Confirm your address"] * 2


def test_the_link_of_a_newer_letter_ends_the_one_before(newcomer: Person) -> None:
    newcomer.sign_up()
    first = token_for(newcomer.email)
    newcomer.sign_up()
    second = token_for(newcomer.email)

    assert [verify(newcomer, first), verify(newcomer, second)] == [422, 204]


def test_whose_address_is_verified_gets_no_further_link(newcomer: Person) -> None:
    newcomer.sign_up()
    verify(newcomer, token_for(newcomer.email))

    assert newcomer.sign_up().status_code == 202

    assert subjects_to(newcomer.email) == ["Confirm your address", "You have an account already"]
    assert "#verify=" not in text_of(letters_to(newcomer.email)[-1])


def test_sign_ups_with_one_address_at_the_same_moment_all_look_the_same(newcomer: Person) -> None:
    crowd = [Person("twin", newcomer.url) for _ in range(3)]  # as many as may have a password hashed at once
    for person in crowd:
        person.email = newcomer.email

    with ThreadPoolExecutor(len(crowd)) as threads:
        answers = list(threads.map(lambda person: person.sign_up(), crowd))

    assert [answer.status_code for answer in answers] == [202] * len(crowd)
    assert len({str(visible_parts(answer)[:2]) for answer in answers}) == 1
    assert ask("SELECT count(*) FROM core_user WHERE email = %s", newcomer.email) == 1
    assert "Confirm your address" in subjects_to(newcomer.email)


def test_a_second_sign_up_changes_nothing_of_the_first(newcomer: Person) -> None:
    newcomer.sign_up()
    token = token_for(newcomer.email)
    newcomer.sign_up(password="somebody else's try", name="Mallory")

    assert verify(newcomer, token) == 204
    assert newcomer.log_in(password="somebody else's try").status_code == 401
    assert newcomer.log_in().json()["user"]["name"] == ""


def test_before_the_address_is_verified_a_login_fails_like_a_wrong_password(newcomer: Person) -> None:
    newcomer.sign_up()

    unverified, wrong = newcomer.log_in(), newcomer.log_in(password="not her password")

    assert_problem(unverified, 401, "invalid_credentials")
    assert visible_parts(unverified) == visible_parts(wrong)


def test_the_mailed_token_opens_the_account(newcomer: Person) -> None:
    newcomer.sign_up()

    assert verify(newcomer, token_for(newcomer.email)) == 204
    assert newcomer.log_in().json()["user"]["is_verified"] is True


def test_a_token_works_once(newcomer: Person) -> None:
    newcomer.sign_up()
    token = token_for(newcomer.email)

    assert [verify(newcomer, token), verify(newcomer, token)] == [204, 422]


def test_the_link_leads_to_the_configured_address_whatever_host_was_asked(newcomer: Person) -> None:
    newcomer.headers["Host"] = "localhost:1"
    newcomer.sign_up()

    [letter] = letters_to(newcomer.email)
    assert "localhost:1/" not in text_of(letter)
    assert "/#verify=" in text_of(letter)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ü:ü:ü", "x" * 1000])
def test_a_forged_token_is_refused(newcomer: Person, token: str) -> None:
    newcomer.fetch_csrf_token()

    assert_problem(newcomer.post("/auth/email/verify/", json={"token": token}), 422, "invalid_token")


def test_a_changed_token_is_refused(newcomer: Person) -> None:
    newcomer.sign_up()
    token = token_for(newcomer.email)

    changed = [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in range(0, len(token), 9)]

    assert {verify(newcomer, one) for one in changed} == {422}
    assert newcomer.log_in().status_code == 401


def test_a_token_lives_an_hour(newcomer: Person) -> None:
    newcomer.sign_up()
    token = token_for(newcomer.email)
    lives = """
        SELECT round(extract(epoch FROM expires_at - now()) / 60) FROM core_mailed_token
        JOIN core_user u ON u.id = user_id WHERE u.email = %s
    """
    assert ask(lives, newcomer.email) == 60

    ask(AGE, newcomer.email)

    assert verify(newcomer, token) == 422


def test_a_weak_password_is_refused_for_a_taken_address_too(newcomer: Person) -> None:
    newcomer.sign_up()

    assert_problem(newcomer.sign_up(password="short"), 422, "invalid", "/password")


def test_a_refused_sign_up_sends_no_letter(newcomer: Person) -> None:
    newcomer.sign_up(password="short")

    assert letters_to(newcomer.email) == []
    assert not is_known(newcomer.email)
