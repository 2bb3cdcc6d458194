"""What was noted of an account."""

from tests.cast import Person
from tests.rows import connect


def events_of(person: Person) -> list[str]:
    """Return the names of the events of a person's account, in the order in which they happened."""
    statement = """
        SELECT event FROM core_audit_event
        WHERE user_id = (SELECT id FROM core_user WHERE email = %s) ORDER BY created_at, id
    """
    with connect() as connection:
        return [event for (event,) in connection.execute(statement, [person.email])]
