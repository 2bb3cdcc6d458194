"""docs/troubleshooting.md quotes what is really said."""

import re

import pytest

from tests.docs.documents import CODE, ROOT, read, rows, section

REFUSAL = re.compile("""\\bfail (['"].*)""")

SAID = [
    (CODE.findall(cells[0])[0], CODE.findall(cells[1])[0])
    for cells in rows(section(read("docs/troubleshooting.md"), "What Doable says"))
    if "`" in cells[0]
]


@pytest.mark.parametrize(("message", "source"), SAID, ids=[message for message, _ in SAID])
def test_a_message_is_said_where_the_page_says_so(message: str, source: str) -> None:
    assert message in read(source)


def test_every_refusal_of_deploy_is_explained() -> None:
    scripts = [ROOT / "deploy.sh", *ROOT.glob("deploy/*.sh")]
    refusals = [found for script in scripts for found in REFUSAL.findall(script.read_text())]

    assert len(refusals) > len(scripts)
    assert [refusal for refusal in refusals if not any(message in refusal for message, _ in SAID)] == []
