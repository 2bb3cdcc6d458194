"""What people write: kept to the character, in one spelling, and refused where it would hide or break something."""

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from app.common.pagination import PageQuery
from app.common.serializers import Serializer
from tests.cast import Person, created
from tests.drill import size
from tests.payloads import FIELDS, Field
from tests.problems import assert_problem
from tests.routes import NOWHERE, Ids, belongings, call, good_body
from tests.rows import revision_of

TEXTS = [field for field in FIELDS if field.text]
LINES = [field for field in TEXTS if field.is_line]
PARAGRAPHS = [field for field in TEXTS if not field.is_line]
KEPT = [field for field in TEXTS if field.route.is_api]  # what one person may send over and over
SECRETS = {"password", "current_password", "new_password", "token"}

SOMEBODY = NOWHERE | {"email": "somebody@example.org"}

WITHOUT_CHANGE = [
    *("👩🏽\u200d🚀", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "❤\ufe0f", "☎\ufe0e", "1\ufe0f\u20e3"),
    *("🇮🇹🇯🇵", "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f", "🐈\u200d⬛"),
    *("שלום עולם", "מחיר: 5\u200e%", "قائمة\u200f (1)", "می\u200cخواهم", "क्\u200dष", "ภาษา\u200bไทย"),  # noqa: RUF001
    *("So\u00adfa", "Việt Nam", "नमस्ते", "안녕", "买 牛奶", "\u13a0", "\U0001e900", "\ue000", "\ufffd"),
    *("x\u0316\u0300", "x" + "\u0331" * 30, "<b>&amp;</b>", "'; --", "%s {0} $1", "a  b", "a\u00a0b", "\\u0000"),
]
IN_ONE_SPELLING = {
    "e\u0301": "é",
    "\u1100\u1161\u11a8": "각",
    "\u212b": "\u00c5",
    "q\u0307\u0323": "q\u0323\u0307",
    "\u0958": "\u0915\u093c",
}
REFUSED = {
    "Buy\x07milk": ("control_character", "U+0007 at position 4"),
    "\x1b[2J": ("control_character", "U+001B at position 1"),
    "milk\x7f": ("control_character", "U+007F at position 5"),
    "a\x85b": ("control_character", "U+0085 at position 2"),
    "🐈\u2028b": ("control_character", "U+2028 LINE SEPARATOR at position 2"),
    "\u2029b": ("control_character", "U+2029 PARAGRAPH SEPARATOR at position 1"),
    "a\rb": ("control_character", "U+000D at position 2"),
    "a\ufdd0": ("noncharacter", "U+FDD0 at position 2"),
    "a\uffff": ("noncharacter", "U+FFFF at position 2"),
    "\U0010fffea": ("noncharacter", "U+10FFFE at position 1"),
    "Z" + "\u0301" * 31: ("too_many_marks", "U+0301 COMBINING ACUTE ACCENT at position 32"),
}
INVISIBLE = [
    *("\u200b", "\u200d", "\u2060", "\ufeff", "\xad", "\u200e", "\u061c", "\u180e", "\u3164", "\u115f", "\uffa0"),
    *("\u2800", "\u034f", "\u0301", "\u20e3", "\u0903", "\ufe0f", "\U000e0100", "\U000e0041", "\u2064"),
    *("\u200b \u200b", "\u3164\u3164", "\u2800 \u2800", "\u200c\u200d", "\U000e0067\U000e007f", "\U0001d159"),
]
REFUSED_IN_A_LINE = {
    "a\nb": ("control_character", "U+000A at position 2"),
    "a\r\nb": ("control_character", "U+000A at position 2"),
    " \ta\tb": ("control_character", "U+0009 at position 4"),
    "  invoice\u202efdp.exe": ("direction_control", "U+202E RIGHT-TO-LEFT OVERRIDE at position 10"),
    "a\u202ab\u202c": ("direction_control", "U+202A LEFT-TO-RIGHT EMBEDDING at position 2"),
    "\u2067\u05d0\u2069": ("direction_control", "U+2067 RIGHT-TO-LEFT ISOLATE at position 1"),
    **{text: ("invisible", f"U+{ord(text[0]):04X}") for text in INVISIBLE},
}


def send(person: Person, field: Field, ids: Ids, text: str) -> Any:
    return call(person, field.route, ids, (good_body(field.route, ids) or {}) | {field.name: text})


@pytest.fixture(scope="module")
def writer() -> Person:
    """Someone whose lists and todos only these tests change."""
    writer = Person("writer")
    created(writer.sign_up())
    return writer


@pytest.fixture(scope="module")
def ids(writer: Person) -> Ids:
    return belongings(writer)


# --- what is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize("field", KEPT, ids=str)
def test_what_can_be_read_comes_back_byte_for_byte(writer: Person, ids: Ids, field: Field) -> None:
    for text in WITHOUT_CHANGE:
        assert send(writer, field, ids, text).json().get(field.name) == text


@pytest.mark.parametrize("field", KEPT, ids=str)
def test_a_text_has_one_spelling(writer: Person, ids: Ids, field: Field) -> None:
    for text, spelling in IN_ONE_SPELLING.items():
        assert send(writer, field, ids, text).json().get(field.name) == spelling


@pytest.mark.parametrize("field", [field for field in KEPT if field.is_line], ids=str)
def test_space_around_a_line_is_taken_off(writer: Person, ids: Ids, field: Field) -> None:
    assert send(writer, field, ids, " \u3000\tBuy  oat milk\u00a0\r\n").json().get(field.name) == "Buy  oat milk"


@pytest.mark.parametrize("field", PARAGRAPHS, ids=str)
def test_a_description_keeps_its_lines_with_one_end_and_its_space(writer: Person, ids: Ids, field: Field) -> None:
    text = "  Two packs:\n\n\t1. oat\r\n\t2. soy \u202a+39 06\u202c\n"

    assert send(writer, field, ids, text).json()[field.name] == text.replace("\r\n", "\n")


def test_names_of_accounts_and_tokens_are_read_like_titles(alice: Person) -> None:
    account = alice.patch("/auth/me/", json={"name": " Jose\u0301 "})
    token = alice.make_token(name="\u3000Jose\u0301's script\n")

    assert account.json()["name"] == "José"
    assert token["name"] == "José's script"


def test_an_account_may_have_no_name(alice: Person) -> None:
    assert alice.patch("/auth/me/", json={"name": "  "}).json()["name"] == ""


def test_the_same_text_in_another_spelling_is_no_change(writer: Person) -> None:
    made = writer.make_list("Café")

    answer = writer.patch(f"/api/lists/{made['id']}/", json={"name": " Cafe\u0301"})

    assert answer.json() == made


def test_a_list_is_found_by_any_spelling_of_its_name(writer: Person) -> None:
    made = writer.make_list("Crème brûlée")

    found = writer.get("/api/lists/", params={"name": " Cre\u0300me bru\u0302le\u0301e "})

    assert [one["id"] for one in found.json()["results"]] == [made["id"]]


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("field", TEXTS, ids=str)
def test_a_character_that_is_no_text_is_refused_and_named(mallory: Person, field: Field) -> None:
    for text, (code, place) in REFUSED.items():
        assert_refused(send(mallory, field, SOMEBODY, text), field.name, code, place)


@pytest.mark.parametrize("field", LINES, ids=str)
def test_what_breaks_or_hides_a_line_is_refused_and_named(mallory: Person, field: Field) -> None:
    for text, (code, place) in REFUSED_IN_A_LINE.items():
        assert_refused(send(mallory, field, SOMEBODY, text), field.name, code, place)


def assert_refused(answer: Any, name: str, code: str, place: str) -> None:
    [error] = assert_problem(answer, 422, "invalid", f"/{name}")["errors"]
    assert error["code"] == code
    assert place in error["detail"]


def test_no_control_character_at_all_is_taken(mallory: Person) -> None:
    characters = [chr(code) for code in (*range(1, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)]
    for char in characters:
        answer = mallory.post("/api/lists/", json={"name": f"Groceries{char}and more"})
        assert_refused(answer, "name", "control_character", f"U+{ord(char):04X}")
    assert revision_of(mallory) == 0


def test_every_wrong_text_of_a_body_is_named_at_once(mallory: Person) -> None:
    texts = {"title": "\u200b", "description": "a\x07", "list_id": SOMEBODY["list_id"], "colour": "x"}

    errors = assert_problem(
        mallory.post("/api/todos/", json=texts), 422, "invalid", "/title", "/description", "/colour"
    )["errors"]

    assert {error["code"] for error in errors} == {"invisible", "control_character", "unknown_field"}


@pytest.mark.parametrize("text", ["a\x07", "\u200b", "a\u202eb", "", " "], ids=ascii)
def test_a_filter_refuses_what_no_name_can_be(mallory: Person, text: str) -> None:
    assert_problem(mallory.get("/api/lists/", params={"name": text}), 422, "invalid", "/name")


# --- how long it may be --------------------------------------------------------------------------

SPELLINGS: list[Callable[[int], str]] = ["x".__mul__, "🐈".__mul__, "e\u0301".__mul__, lambda count: "é" * count]


@pytest.mark.parametrize("field", KEPT, ids=str)
@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_text_is_as_long_as_its_code_points_in_nfc(
    writer: Person, ids: Ids, field: Field, spell: Callable[[int], str]
) -> None:
    assert field.max_length
    longest = spell(field.max_length)

    kept = send(writer, field, ids, longest).json()[field.name]
    [error] = assert_problem(send(writer, field, ids, longest + "x"), 422, "invalid", f"/{field.name}")["errors"]

    assert kept == unicodedata.normalize("NFC", longest)
    assert error["code"] == "too_long"


def test_space_around_a_line_does_not_count(writer: Person) -> None:
    assert writer.make_list(" " * 500 + "x" * 200 + "\n")["name"] == "x" * 200


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u3000"], ids=ascii)
def test_a_title_needs_a_character(writer: Person, ids: Ids, text: str) -> None:
    answer = writer.patch(f"/api/todos/{ids['todo_id']}/", json={"title": text})

    [error] = assert_problem(answer, 422, "invalid", "/title")["errors"]
    assert error["code"] == "too_short"


def test_a_mebibyte_of_marks_is_refused_in_no_time(mallory: Person) -> None:
    marks = "\u0316\u0301" * 250_000

    answer = mallory.request("POST", "/api/lists/", json={"name": f"Z{marks}"[:170_000]}, timeout=5)

    assert_refused(answer, "name", "too_many_marks", "at position 32")


# --- what holds for any text ---------------------------------------------------------------------

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
WHATEVER = st.text(CHARACTERS, max_size=12) | st.text(
    st.sampled_from("a é\u0301\u0316\u200b\u200d\ufe0f\u3164\n\r\t\x85\u202e🐈🏽🇮\U000e0067\ufdd0"), max_size=12
)


def test_any_text_is_kept_in_one_spelling_or_refused_by_its_character(writer: Person, ids: Ids) -> None:
    path = f"/api/lists/{ids['list_id']}/"

    @settings(
        max_examples=size(150, 5000),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(text=WHATEVER)
    @example(text="\u0958")
    def check(text: str) -> None:
        answer = writer.patch(path, json={"name": text})
        if answer.ok:
            kept = answer.json()["name"]
            assert kept == unicodedata.normalize("NFC", text).strip()
            assert writer.patch(path, json={"name": kept}).json() == answer.json()
        else:
            [error] = assert_problem(answer, 422, "invalid", "/name")["errors"]
            assert_points_at_the_culprit(error, text)

    check()


def assert_points_at_the_culprit(error: Any, text: str) -> None:
    if error["code"] == "too_short":
        assert not text.strip()
    else:
        char, position = named(error["detail"])
        assert text[position - 1] == char


def named(detail: str) -> tuple[str, int]:
    """Return the character that an error names, and the position."""
    code, _, rest = detail.partition("U+")[2].partition(" ")
    return chr(int(code, 16)), int(rest.partition("at position ")[2].partition(" ")[0].rstrip("."))


# --- whatever comes next -------------------------------------------------------------------------


def test_every_text_that_comes_in_is_read_by_these_rules() -> None:
    unread = {field.name for field in FIELDS if isinstance(field.kind, inspect.StrType) and not field.kind.pattern}

    assert unread <= SECRETS


@pytest.mark.parametrize("query", PageQuery.__subclasses__(), ids=lambda query: query.__name__)
def test_every_text_that_is_looked_for_is_read_by_these_rules(query: type[Serializer]) -> None:
    described = inspect.type_info(query)
    assert isinstance(described, inspect.StructType)

    unread = {field.encode_name for field in described.fields if isinstance(field.type, inspect.StrType)}

    assert unread <= {"cursor"}
