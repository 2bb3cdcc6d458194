"""The site at /docs/: complete, and free of what its Content-Security-Policy would stop."""

import re
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.cast import Person
from tests.docs.documents import ROOT

FETCHED = {"script": "src", "img": "src", "link": "href"}
Tag = tuple[str, dict[str, str]]


class Page(HTMLParser):
    """The start tags of a page, and whether a script or a style stands in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    @property
    def inline(self) -> list[Tag]:
        """Return what a policy of 'self' stops."""
        return [
            (tag, given)
            for tag, given in self.tags
            if tag == "style" or (tag == "script" and "src" not in given) or any(is_code(name) for name in given)
        ]

    @property
    def fetched(self) -> set[str]:
        return {given[FETCHED[tag]] for tag, given in self.tags if FETCHED.get(tag) in given}

    @property
    def links(self) -> set[str]:
        return {given["href"] for tag, given in self.tags if tag == "a" and "href" in given}

    @property
    def anchors(self) -> set[str]:
        return {given["id"] for _, given in self.tags if "id" in given}


def is_code(attribute: str) -> bool:
    return attribute == "style" or attribute.startswith("on")


def is_ours(address: str) -> bool:
    return not urlsplit(address).scheme


@pytest.fixture(scope="module")
def site() -> dict[str, Page]:
    """Return every page that can be reached from the first one, by its path."""
    visitor, found, waiting = Person("visitor"), dict[str, Page](), {"/docs/"}
    while waiting:
        path = waiting.pop()
        answer = visitor.get(path)
        assert answer.status_code == 200, path
        found[path] = Page(answer.text)
        reached = {urldefrag(urljoin(path, link)).url for link in found[path].links if is_ours(link)}
        waiting |= {one for one in reached if one.startswith("/docs/") and one.endswith("/")} - found.keys()
    return found


def test_every_page_can_be_reached(site: dict[str, Page]) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    beside = {"readme", "architecture", "contributing", "security", "changelog", "license", "bench"}

    expected = {f"/docs/{page}/" for page in pages if str(page) != "index"} | {
        f"/docs/project/{page}/" for page in beside
    }
    assert expected | {"/docs/"} <= site.keys()


def test_nothing_stands_in_a_page_that_the_policy_stops(site: dict[str, Page]) -> None:
    assert {path: page.inline for path, page in site.items() if page.inline} == {}


def test_nothing_is_fetched_from_elsewhere(site: dict[str, Page]) -> None:
    assert {one for page in site.values() for one in page.fetched if not is_ours(one)} == set()


def test_everything_that_is_fetched_is_there(site: dict[str, Page], anonymous: Person) -> None:
    wanted = {urljoin(path, one) for path, page in site.items() for one in page.fetched}

    assert {one for one in wanted if anonymous.get(one).status_code != 200} == set()


def test_a_link_to_a_chapter_arrives_there(site: dict[str, Page]) -> None:
    links = {urldefrag(urljoin(path, link)) for path, page in site.items() for link in page.links if is_ours(link)}

    assert {link for link in links if link.url in site and link.fragment not in site[link.url].anchors | {""}} == set()


def test_a_search_needs_nothing_but_the_site(anonymous: Person) -> None:
    page, index = anonymous.get("/docs/search/"), anonymous.get("/docs/searchindex.js")

    assert "searchindex.js" in page.text
    assert index.headers["Content-Type"].startswith("text/javascript")
    assert re.search(r"\brunbook\b", index.text)
