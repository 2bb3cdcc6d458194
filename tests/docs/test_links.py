"""Whoever follows a pointer of the documents arrives."""

import re
from pathlib import Path

import pytest

from tests.docs.documents import PAGES, ROOT, anchors, codes, links, read

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


def test_the_readme_leads_to_every_page_beside_it() -> None:
    assert {ROOT / name for name in links(read("README.md"))} >= set(ROOT.glob("*.md")) - {ROOT / "README.md"}


def test_the_index_leads_to_every_page_below_it() -> None:
    listed = {ROOT / "docs" / name for name in links(read("docs/index.md"))}

    assert listed >= set((ROOT / "docs").rglob("*.md")) - {ROOT / "docs/index.md"}
