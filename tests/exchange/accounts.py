"""Accounts with much in them, written into the database at once."""

from tests.cast import Person
from tests.rows import connect

LISTS = 20
FILL = """
WITH lists AS (
    INSERT INTO core_list (id, user_id, name, color, position, is_archived, created_at, updated_at)
    SELECT gen_random_uuid(), id, 'List ' || n, '#808080', lpad(n::text, 14, '0'), false, now() - n * interval '1 s',
           now()
    FROM core_user, generate_series(1, %(lists)s) AS n WHERE email = %(email)s
    RETURNING id, user_id
)
INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, due_date, position, completed_at,
                       created_at, updated_at)
SELECT gen_random_uuid(), user_id, id, 'Buy "oat" milk ' || n, repeat('word ', mod(n, 50)),
       CASE mod(n, 3) WHEN 0 THEN 'done' ELSE 'todo' END, mod(n, 5), CASE mod(n, 4) WHEN 0 THEN date '2026-12-24' END,
       lpad(n::text, 14, '0'), CASE mod(n, 3) WHEN 0 THEN now() END, now() - n * interval '1 minute', now()
FROM lists, generate_series(1, %(each)s) AS n
"""


def fill(person: Person, todos: int, database: str = "") -> None:
    """Give someone as many todos, in twenty lists."""
    with connect(database) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute(FILL, {"email": person.email, "lists": LISTS, "each": todos // LISTS})
    with connect(database) as connection:
        connection.autocommit = True
        connection.execute("ANALYZE core_list, core_todo")
