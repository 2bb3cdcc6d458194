"""The page at /: complete, usable without a mouse, and free of what its Content-Security-Policy would stop."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest

from app.accounts.services.links import LINKS
from tests.cast import Person

ROOT = Path(__file__).parents[1]
MODULES = sorted(ROOT.glob("web/*.js"))
FILE = re.compile(r"/[\w-]+\.(?:js|css|svg)")
LINK = re.compile(r'^  \["([\w-]+)", ', re.MULTILINE)
IMPORT = re.compile(r'^import .* from "(.+)";$', re.MULTILINE)
MEDIA_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Tag(NamedTuple):
    """A start tag, and the names of the elements around it."""

    name: str
    attributes: dict[str, str]
    around: tuple[str, ...]


class Tags(HTMLParser):
    """Collects the tags of a page, and the text that stands directly in each kind of element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.text: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}, tuple(self._open)))
        if tag not in ("meta", "link", "img", "input"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"<{tag}> is closed where it is not open"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.text[self._open[-1]] = self.text.get(self._open[-1], "") + data.strip()

    def named(self, *names: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name in names]

    def values(self, *attributes: str) -> list[str]:
        return [tag.attributes[name] for tag in self.tags for name in attributes if name in tag.attributes]


@pytest.fixture(scope="module")
def page() -> Tags:
    return Tags(Person("visitor").get("/").text)


def files_of(page: Tags, person: Person) -> set[str]:
    """Return the files that the page asks for, and those that they ask for, all of which were served."""
    waiting, seen = set(filter(FILE.fullmatch, page.values("href", "src"))), {"/index.html"}
    while waiting := waiting - seen:
        path = waiting.pop()
        answer = person.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        waiting |= set(IMPORT.findall(answer.text))
    return seen


def test_the_page_asks_for_every_file_of_its_folder_and_for_no_other(anonymous: Person, page: Tags) -> None:
    assert files_of(page, anonymous) == {f"/{path.name}" for path in (ROOT / "web").iterdir()}


@pytest.mark.parametrize("path", sorted((ROOT / "web").iterdir()), ids=lambda path: path.name)
def test_each_file_is_served_as_what_it_is(anonymous: Person, path: Path) -> None:
    media_type, *_ = anonymous.get(f"/{path.name}").headers["Content-Type"].split(";")

    assert media_type == MEDIA_TYPES[path.suffix[1:]]


def test_the_page_holds_no_script_and_no_style(page: Tags) -> None:
    assert page.named("style") == []
    assert {name for tag in page.tags for name in tag.attributes if name == "style" or name.startswith("on")} == set()
    assert page.text.get("script", "") == ""


def test_nothing_of_the_page_names_another_host(page: Tags) -> None:
    text = "".join(path.read_text() for path in (ROOT / "web").iterdir())

    assert set(re.findall(r"\w+://[\w.:-]+", text)) == {
        "http://www.w3.org"
    }  # the name of SVG, which is never asked for
    assert [value for value in page.values("href", "src", "action") if value.startswith("//")] == []


def test_every_door_of_the_page_is_open(anonymous: Person, page: Tags) -> None:
    doors = [tag.attributes["href"] for tag in page.named("a") if "nav" in tag.around]

    assert {door: anonymous.get(door).status_code for door in doors} == dict.fromkeys(doors, 200)
    assert doors


def test_the_page_follows_every_link_of_a_mail_and_every_link_to_itself(page: Tags) -> None:
    mailed = [name for _, name in LINKS.values()]
    own = [href[1:] for href in page.values("href") if href.startswith("#")]

    assert mailed
    assert own
    assert {*mailed, *own} <= set(LINK.findall((ROOT / "web/links.js").read_text()))


def test_every_id_is_given_once_and_every_one_that_is_named_is_given(page: Tags) -> None:
    scripts = "".join(path.read_text() for path in MODULES)
    named = " ".join(page.values("for", "aria-describedby", "aria-labelledby")).split()
    given = page.values("id")

    assert len(given) == len(set(given))
    assert set(given) >= {*named, *re.findall(r'"#([\w-]+)', scripts), *re.findall(r'show\("([\w-]+)"\)', scripts)}


def test_every_field_has_a_label(page: Tags) -> None:
    labelled = {tag.attributes.get("for") for tag in page.named("label")}
    fields = page.named("input")

    assert fields
    assert [tag for tag in fields if "label" not in tag.around and tag.attributes.get("id") not in labelled] == []


def test_the_start_is_what_someone_without_scripts_sees(page: Tags) -> None:
    views = page.named("section")

    assert [tag.attributes["id"] for tag in views if "hidden" not in tag.attributes] == ["start"]
    assert len(views) > 1
