"""One e-mail address is one account, however it is typed."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from tests.cast import Person, created
from tests.problems import assert_problem

WIDE = {ord("!") + offset: ord("\N{FULLWIDTH EXCLAMATION MARK}") + offset for offset in range(94)}
Spelling = Callable[[str], str]
SPELLINGS: dict[str, Spelling] = {
    "upper case": str.upper,
    "mixed case": str.title,
    "space before": lambda email: " " + email,
    "space behind": lambda email: email + "\t\n",
    "ideographic space": lambda email: "\N{IDEOGRAPHIC SPACE}" + email,
    "fullwidth": lambda email: email.translate(WIDE),
    "one capital": lambda email: email.replace("s", "S", 1),
    "capital domain": lambda email: email.replace("example.org", "EXAMPLE.ORG"),
    "capital umlaut": lambda email: email.replace("ü", "Ü"),
    "a line break before": lambda email: "\r\n" + email,
    "no-break space": lambda email: email + "\N{NO-BREAK SPACE}",
    "em space on both sides": lambda email: f"\N{EM SPACE}{email}\N{EM SPACE}",
    "fullwidth at sign": lambda email: email.replace("@", "\N{FULLWIDTH COMMERCIAL AT}"),
    "small at sign": lambda email: email.replace("@", "\N{SMALL COMMERCIAL AT}"),
    "fullwidth full stop": lambda email: email.replace(".org", "\N{FULLWIDTH FULL STOP}org"),
    "circled letters": lambda email: email.replace("a", "\N{CIRCLED LATIN SMALL LETTER A}"),
    "superscript": lambda email: email.replace("s", "\N{MODIFIER LETTER SMALL S}"),
    "script letters": lambda email: email.replace("l", "\N{SCRIPT SMALL L}"),
    "double-struck digits": lambda email: email.translate({ord("0") + n: 0x1D7D8 + n for n in range(10)}),
    "Kelvin sign": lambda email: email.replace("k", "\N{KELVIN SIGN}"),
    "fullwidth capitals": lambda email: email.upper().translate(WIDE),
    "IDN with a capital prefix": lambda email: email.replace("bücher", "XN--bcher-kva"),
    "IDN in fullwidth": lambda email: email.replace("bücher", "\N{FULLWIDTH LATIN SMALL LETTER B}ücher"),
    "halfwidth ideographic full stop": lambda email: email.replace(".org", "\N{HALFWIDTH IDEOGRAPHIC FULL STOP}org"),
    "fullwidth domain": lambda email: email.replace("example", "example".translate(WIDE)),
    "ideographic full stop": lambda email: email.replace(".org", "\N{IDEOGRAPHIC FULL STOP}org"),
    "long s": lambda email: email.replace("s", "\N{LATIN SMALL LETTER LONG S}"),
    "mathematical letters": lambda email: email.replace("a", "\N{MATHEMATICAL BOLD SMALL A}"),
    "IDN as it is sent": lambda email: email.replace("bücher", "xn--bcher-kva"),
    "IDN in capitals": lambda email: email.replace("bücher", "BÜCHER"),
    "IDN decomposed": lambda email: email.replace("ü", "u\N{COMBINING DIAERESIS}"),
}
NO_ADDRESSES = [
    *("", "alice", "alice@", "@example.org", "a@b@example.org", "ålice@example.org", "a\nb@example.org"),
    *("alice@exa mple.org", "alice@example..org", "alice@-example.org", "alice@example.org\u202e"),
    *('"alice"@example.org', '"a\\lice"@example.org', '"a\x0bbcc:bob@example.org"@example.org', "\u0131@example.org"),
    *(".alice@example.org", "al..ice@example.org", "alice.@example.org", "al ice@example.org", "<alice@example.org>"),
    *(f"alice@{'x' * 64}.org", None, 5, ["alice@example.org"]),
]


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_another_spelling_is_the_same_account(anonymous: Person, spelling: Spelling) -> None:
    first = f"sales-desk-{uuid4().hex}@bücher.example.org"
    anonymous.email = first
    created(anonymous.sign_up())

    anonymous.email = spelling(first)

    assert anonymous.email != first
    assert_problem(anonymous.sign_up(), 409, "email_taken")
    assert anonymous.log_in().status_code == 200


@pytest.mark.parametrize("tag", ["+lists", ".", "x"])
def test_another_mailbox_is_another_account(alice: Person, anonymous: Person, tag: str) -> None:
    name, _, domain = alice.email.partition("@")
    anonymous.email = f"{name}{tag}x@{domain}"

    created(anonymous.sign_up())


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_refused(anonymous: Person, email: object) -> None:
    assert_problem(anonymous.sign_up(email=email), 422, "invalid", "/email")


def test_an_address_has_at_most_254_characters(anonymous: Person) -> None:
    domain = ".".join(["x" * 63] * 3) + ".org"
    fitting = uuid4().hex + "x" * (254 - 32 - 1 - len(domain)) + "@" + domain

    assert_problem(anonymous.sign_up(email="x" + fitting), 422, "invalid", "/email")
    assert anonymous.sign_up(email=fitting).status_code == 201


def test_an_address_that_would_take_hours_to_normalise_is_refused_at_once(anonymous: Person) -> None:
    marks = "\N{COMBINING ACUTE ACCENT}" * 80_000 + "\N{COMBINING GRAVE ACCENT BELOW}" * 80_000

    answer = anonymous.sign_up(email=f"{marks}@example.org")

    assert_problem(answer, 422, "invalid", "/email")
