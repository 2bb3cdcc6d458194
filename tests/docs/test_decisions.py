"""A decision is a numbered, dated page of one form."""

import re
from pathlib import Path

import pytest

from tests.docs.documents import ROOT

DECISIONS = sorted((ROOT / "docs/decisions").glob("*.md"))
FORM = re.compile(
    r"# (?P<number>\d+)\. .+\n\n\d{4}-\d\d-\d\d\n\n## Context\n.+\n## Decision\n.+\n## Consequences\n.+", re.DOTALL
)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_has_number_date_context_decision_and_consequences(page: Path) -> None:
    found = FORM.fullmatch(page.read_text())

    assert found
    assert int(found["number"]) == int(page.stem[:4])


def test_the_numbers_have_no_gap() -> None:
    assert [int(page.stem[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
