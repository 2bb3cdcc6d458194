"""SECURITY.md finds every API token, and says of each requirement whether it is met."""

import re

from app.accounts.tokens import new_api_token, new_token
from tests.docs.documents import blocks, read, rows, section

PAGE = "SECURITY.md"
REQUIREMENTS = "Sessions and authentication by ASVS 5.0"


def test_scanners_find_every_api_token_and_no_other_secret() -> None:
    [pattern] = [block.text.strip() for block in blocks(read(PAGE)) if block.language == "regex"]

    for _ in range(100):
        token = new_api_token()
        assert re.findall(pattern, f"token={token}; in a log") == [token]
        assert not re.search(pattern, new_token())


def test_each_requirement_stands_once_with_its_state_and_what_shows_it() -> None:
    table = list(rows(section(read(PAGE), REQUIREMENTS)))[1:]
    names = [cells[0] for cells in table]

    assert len(names) == len(set(names))
    for _, _, _, state, shown_by in table:
        assert re.match(r"(met|partly:|not met)", state)
        assert shown_by or state.startswith("not met")
