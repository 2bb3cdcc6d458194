"""Whoever follows a pointer of the documents arrives."""

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, codes, links, read

FILE = re.compile(r"(?:[\w.-]+/)+[\w.-]+\.(?:py|sh|conf|template|toml|yml|md)")
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@each_page
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    inside = [link for link in links(page.read_text()) if not link.startswith(("https://", "http://"))]

    assert [link for link in inside if not resolves(page, link)] == []


def resolves(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return target.exists() and (not anchor or anchor in anchors(target.read_text()))


@each_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = [code for code in codes(page.read_text()) if FILE.fullmatch(code)]

    assert [name for name in named if not (ROOT / name).exists()] == []


@each_page
def test_every_page_is_reached_from_the_readme_or_the_index(page: Path) -> None:
    reached = {(ROOT / link).resolve() for link in links(read("README.md")) if "#" not in link}
    reached |= {(ROOT / "docs" / link).resolve() for link in links(read("docs/index.md"))}

    assert page in reached | {ROOT / "README.md", ROOT / "docs/index.md"}
