"""The statements of those that write their SQL themselves, one for each call."""

from collections.abc import Sequence

from bench.baselines import STATUSES

VISIBLE = "deleted_at IS NULL AND NOT list_is_deleted"
COLUMNS = """id::text, list_id::text, title, description, status, priority, due_date, due_time, due_timezone, position,
completed_at, version, created_at, updated_at"""

SESSION = """
SELECT core_user.id::text FROM core_session JOIN core_user ON core_user.id = core_session.user_id
WHERE token_hash = $1 AND expires_at > now() AND is_active
"""
PAGE = f"""
SELECT {COLUMNS} FROM core_todo
WHERE user_id = $1 AND status = $2 AND {VISIBLE} AND (created_at, id) < ($3, $4)
ORDER BY created_at DESC, core_todo.id DESC LIMIT $5
"""  # noqa: S608 - made of constants
TODO = f"SELECT {COLUMNS} FROM core_todo WHERE id = $1 AND user_id = $2 AND {VISIBLE}"  # noqa: S608 - as above
LISTS = f"""
SELECT id::text, name, color, position, is_archived, is_inbox, version, created_at, updated_at,
       {", ".join(f"coalesce({name}, 0)" for name in STATUSES)}
FROM core_list LEFT JOIN (
    SELECT list_id, {", ".join(f"count(*) FILTER (WHERE status = '{name}') AS {name}" for name in STATUSES)}
    FROM core_todo WHERE user_id = $1 AND {VISIBLE} GROUP BY list_id
) AS counted ON list_id = id
WHERE user_id = $1 AND deleted_at IS NULL ORDER BY created_at, core_list.id LIMIT $2
"""  # noqa: S608 - as above
REVISION = "SELECT revision FROM core_user WHERE id = $1"


def insert(condition: str = "true") -> str:
    """Return the statement that stores a todo in a list of the user's, where the condition holds."""
    return f"""
        INSERT INTO core_todo (id, user_id, list_id, title, description, status, priority, due_date, position,
                               completed_at, created_at, updated_at)
        SELECT $1::uuid, user_id, id, $4, $5, $6::text, $7::smallint, $8::date, $9,
               CASE WHEN $6 = 'done' THEN $10::timestamptz END, $10, $10
        FROM core_list WHERE id = $3 AND user_id = $2 AND deleted_at IS NULL AND {condition} RETURNING {COLUMNS}
    """  # noqa: S608 - made of constants


def update(names: Sequence[str], more: str = "") -> str:
    """Return the statement that sets these columns, whose values follow the todo's id, the user's and the time."""
    given = "".join(f"{name} = ${place}, " for place, name in enumerate(names, 4))
    status = f"${4 + names.index('status')}" if "status" in names else "status"
    return f"""
        UPDATE core_todo SET {given}{more}version = version + 1, updated_at = $3,
               completed_at = CASE WHEN {status} = 'done' THEN coalesce(completed_at, $3) END
        WHERE id = $1 AND user_id = $2 AND {VISIBLE} RETURNING {COLUMNS}
    """  # noqa: S608 - the names are those of members, as the body's type has them
