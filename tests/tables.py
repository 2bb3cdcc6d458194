"""Whether anything at all has changed in a database."""

from psycopg import sql

from tests.workers import Database

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
# To be seen is no change: these are written by whoever asks who is asking.
CHECKSUM = sql.SQL("""
SELECT count(*), sum(hashtextextended((to_jsonb(row) - '{{last_seen_at,last_used_at,address}}'::text[])::text, 0))
FROM {} AS row
""")


def checksums(database: Database) -> dict[str, object]:
    """Return for each table how many rows it has and what they hold."""
    with database.connect() as connection:
        names = [str(name) for (name,) in connection.execute(TABLES)]
        return {name: connection.execute(CHECKSUM.format(sql.Identifier(name))).fetchone() for name in names}
