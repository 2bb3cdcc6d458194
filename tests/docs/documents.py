"""The documents, as far as tests look into them: headings, tables, code blocks, links."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

FENCED = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)
ROW = re.compile(r"^\|(?P<cells>.+)\|$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")


class Block(NamedTuple):
    """A fenced block."""

    language: str
    text: str


def read(name: str) -> str:
    return (ROOT / name).read_text()


def prose(text: str) -> str:
    """Return a page without its fenced blocks, in which nothing is Markdown."""
    return FENCED.sub("", text)


def section(text: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def blocks(text: str) -> list[Block]:
    return [Block(found["language"], found["text"]) for found in FENCED.finditer(text)]


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each table row, without the lines that only draw the table."""
    for found in ROW.finditer(prose(text)):
        cells = [cell.strip() for cell in found["cells"].split("|")]
        if set(cells[0]) - {"-"}:
            yield cells


def first_codes(text: str) -> list[str]:
    """Return what is written as code in the first cell of each row."""
    return [code for cells in rows(text) for code in CODE.findall(cells[0])]


def codes(text: str) -> list[str]:
    """Return everything that is written as code within a sentence."""
    return CODE.findall(prose(text))


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings."""
    headings = (found["text"].lower() for found in HEADING.finditer(prose(text)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def links(text: str) -> list[str]:
    return [found["target"] for found in LINK.finditer(prose(text))]
