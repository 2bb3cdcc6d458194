"""docs/audit.md lists exactly the events and the columns, and its statements can be typed."""

import pytest

from app.accounts.models import AuditEvent, Event
from tests.docs.documents import blocks, first_codes, read, section
from tests.rows import connect

PAGE = "docs/audit.md"
STATEMENTS = [block.text for block in blocks(read(PAGE)) if block.language == "sql"]


def test_every_event_is_listed() -> None:
    assert sorted(first_codes(section(read(PAGE), "Events"))) == sorted(Event.values)


def test_every_column_is_listed() -> None:
    columns = [field.column for field in AuditEvent._meta.local_fields]

    assert first_codes(section(read(PAGE), "Columns")) == columns


@pytest.mark.parametrize("statement", STATEMENTS, ids=range(len(STATEMENTS)))
def test_every_statement_is_understood_by_the_database(statement: str) -> None:
    with connect() as connection:
        assert connection.execute(statement).description
