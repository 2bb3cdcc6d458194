"""Finding todos by words."""

from typing import Any

import pytest

from tests.cast import Person, created
from tests.pages import page
from tests.problems import assert_problem
from tests.todos.changes import change

NEW = {
    "Milk": "",
    "Buy oat milk": "The barista's one",
    "Milkshake": "",
    "Breakfast": "Milk, bread and café au lait",
    "Call Zoë": "About the straße",
    "Łódź": "Наука и жизнь",
    "E-mail to the land-lord": "rent@example.org or +49 30 1234",
    "牛乳を買う": "",
    "ΟΔΟΣ": "",
}


@pytest.fixture(scope="module")
def rita() -> Person:
    rita = Person("rita")
    created(rita.sign_up())
    groceries = rita.make_list()
    for title, description in NEW.items():
        rita.make_todo(groceries, title, description=description)
    return rita


def found(person: Person, q: str, **more: Any) -> list[str]:
    answer = person.get("/api/todos/", params={"q": q, **more})
    assert answer.status_code == 200, answer.text
    return [todo["title"] for todo in answer.json()["results"]]


@pytest.mark.parametrize(
    ("q", "titles"),
    [
        ("oat", ["Buy oat milk"]),
        ("mi oa", ["Buy oat milk"]),
        ("MILKS", ["Milkshake"]),
        ("café", ["Breakfast"]),
        ("cafe", ["Breakfast"]),
        ("cafe\u0301", ["Breakfast"]),
        ("zoe", ["Call Zoë"]),
        ("ZOË", ["Call Zoë"]),
        ("strasse", ["Call Zoë"]),
        ("lodz", ["Łódź"]),
        ("НАУК", ["Łódź"]),  # noqa: RUF001 - Cyrillic looks like that
        ("οδος", ["ΟΔΟΣ"]),
        ("牛乳", ["牛乳を買う"]),
        ("mail", ["E-mail to the land-lord"]),
        ("e-mail", ["E-mail to the land-lord"]),
        ("rent@example", ["E-mail to the land-lord"]),
        ("1234", ["E-mail to the land-lord"]),
        ("barista's", ["Buy oat milk"]),
        ("ilk", []),
        ("milk water", []),
        ("xyzzy", []),
    ],
)
def test_the_words_of_a_search_are_beginnings_of_words(rita: Person, q: str, titles: list[str]) -> None:
    assert found(rita, q) == titles


def test_whole_words_of_the_title_come_first_and_descriptions_last(rita: Person) -> None:
    assert found(rita, "milk") == ["Buy oat milk", "Milk", "Milkshake", "Breakfast"]


@pytest.mark.parametrize(
    "q", ["milk' OR 1=1 --", "milk & !oat", "milk:*", "(milk | bread", "\\milk", '"milk', "milk%", "<->"]
)
def test_no_character_has_a_meaning_of_its_own(rita: Person, q: str) -> None:
    assert rita.get("/api/todos/", params={"q": q}).status_code in (200, 422)


def test_a_search_narrows_with_the_filters(alice: Person, groceries: Any) -> None:
    for status in ("done", "todo"):
        alice.make_todo(groceries, f"Buy {status} milk", status=status)

    assert found(alice, "milk", status="done") == ["Buy done milk"]
    assert found(alice, "milk", list_id=groceries["id"], priority="high") == []


def test_a_search_has_one_page(rita: Person) -> None:
    answer = page(rita, "/api/todos/", q="milk", limit=2, count="true")

    assert (len(answer["results"]), answer["count"], answer["next"], answer["previous"]) == (2, 4, None, None)


def test_nobody_finds_what_is_someone_elses(rita: Person, mallory: Person) -> None:
    assert found(rita, "milk")
    assert found(mallory, "milk") == []


def test_a_changed_todo_is_found_by_its_new_words_alone(alice: Person, groceries: Any) -> None:
    change(alice, alice.make_todo(groceries, "Buy milk"), title="Buy bread", description="Sourdough")

    assert found(alice, "milk") == []
    assert found(alice, "bread sour") == ["Buy bread"]


def test_what_is_in_the_trash_is_not_found(alice: Person, groceries: Any) -> None:
    milk = alice.make_todo(groceries, "Buy milk")
    alice.make_todo(groceries, "Milkshake")
    alice.delete(f"/api/todos/{milk['id']}/")
    assert found(alice, "milk") == ["Milkshake"]

    alice.delete(f"/api/lists/{groceries['id']}/")
    assert found(alice, "milk") == []


def test_words_of_any_length_are_kept(alice: Person, groceries: Any) -> None:
    alice.make_todo(groceries, "x" * 500, description="🐈" * 5000 + "y" * 5000)

    assert found(alice, "x" * 200) == ["x" * 500]
    assert found(alice, "yyyy") == ["x" * 500]


@pytest.mark.parametrize("q", ["", " ", "m", "a b c", "!?", "_", "🐈", "…", "é"])
def test_a_search_needs_a_word_of_two_letters(mallory: Person, q: str) -> None:
    assert_problem(mallory.get("/api/todos/", params={"q": q}), 422, "invalid", "/q")


@pytest.mark.parametrize("q", ["x" * 201, "x" * 500, " ".join(["word"] * 11), "\ufdfa" * 4])
def test_a_search_that_is_too_long_is_refused(mallory: Person, q: str) -> None:
    assert_problem(mallory.get("/api/todos/", params={"q": q}), 422, "invalid", "/q")


def test_a_search_takes_no_order_and_no_cursor(mallory: Person) -> None:
    answer = mallory.get("/api/todos/", params={"q": "milk", "order": "title", "cursor": "x"})

    assert_problem(answer, 422, "invalid", "/order", "/cursor")
