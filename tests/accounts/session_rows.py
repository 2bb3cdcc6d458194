"""Sessions made by SQL, for what needs more of them than anyone would log in for."""

import secrets
from datetime import timedelta

from tests.cast import Person
from tests.rows import connect

# Each is like a login that the person has made already, but for its token and its times.
COPIES = """
INSERT INTO core_session
    (id, token_hash, user_id, address, network4, network6, user_agent,
     created_at, last_seen_at, authenticated_at, expires_at, data)
SELECT gen_random_uuid(), sha256(token::bytea), user_id, address, network4, network6, user_agent,
       now(), now() - %s, s.authenticated_at, s.expires_at - %s, data
FROM unnest(%s::text[]) AS token,
     (SELECT * FROM core_session WHERE user_id = (SELECT id FROM core_user WHERE email = %s) LIMIT 1) AS s
"""


def add_sessions(
    person: Person, count: int, *, unseen: timedelta = timedelta(0), aged: timedelta = timedelta(0), database: str = ""
) -> list[str]:
    """Give a person who is logged in further sessions; return their tokens."""
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    with connect(database) as connection:
        assert connection.execute(COPIES, [unseen, aged, tokens, person.email]).rowcount == count
    return tokens
