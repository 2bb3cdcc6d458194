from django.db import migrations, models
from django.db.models import F, Func, Q

# Bodies of the SQL standard are read when they are made, so no search path can change what they call.
FUNCTIONS = r"""
CREATE FUNCTION core_folded(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(
    translate(lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]+', '', 'g')), 'ςøłđı', 'σoldi'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe');

CREATE FUNCTION core_title_key(title text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN left(btrim(core_folded(title)), 50);

CREATE FUNCTION core_due_key(due_date date, due_time time) RETURNS timestamp LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN COALESCE(due_date + COALESCE(due_time, time '23:59:59.999999'), timestamp 'infinity');

CREATE FUNCTION core_spaced(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(core_folded(given), '[^[:alnum:]]+', ' ', 'g');

CREATE FUNCTION core_words(user_id uuid, title text, description text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN (
    SELECT array_to_tsvector(COALESCE(array_agg(place || right(user_id::text, 6) || left(word, 40)), '{}'))
    FROM (
        SELECT 't' AS place, string_to_table(core_spaced(title), ' ') AS word
        UNION ALL
        SELECT 'd', string_to_table(core_spaced(description), ' ')
    ) AS found
    WHERE word <> ''
);

CREATE FUNCTION core_instant(wall timestamp, zone text) RETURNS timestamptz LANGUAGE plpgsql STABLE STRICT AS $$
BEGIN
    RETURN wall AT TIME ZONE zone;
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN wall AT TIME ZONE 'UTC';
END $$;
"""

# One statement, because each rewrites the table.
COLUMNS = """
ALTER TABLE core_todo
    ADD title_key text COLLATE "C" GENERATED ALWAYS AS (core_title_key(title)) STORED,
    ADD words tsvector GENERATED ALWAYS AS (core_words(user_id, title, description)) STORED;
"""
WORDS = """
CREATE INDEX core_todo_words ON core_todo USING gin (words) WITH (fastupdate = off)
WHERE deleted_at IS NULL AND NOT list_is_deleted
"""
VISIBLE = Q(deleted_at=None, list_is_deleted=False)


def index(name, *fields, **more):
    return migrations.AddIndex("todo", models.Index(*more.pop("expressions", ()), fields=fields, name=name, **more))


class Migration(migrations.Migration):
    """The orders of pages, and the words that are searched for."""

    dependencies = [("todos", "0003_trash")]

    operations = [
        # The statements of requests end after seconds; these read every row.
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RemoveIndex("todo", "core_todo_user_created"),
        migrations.RemoveIndex("todo", "core_todo_list_status"),
        migrations.RemoveIndex("todo", "core_todo_user_status"),
        migrations.RemoveIndex("todo", "core_todo_user_priority"),
        migrations.RemoveIndex("todo", "core_todo_user_due"),
        migrations.RunSQL(
            FUNCTIONS,
            "DROP FUNCTION core_words, core_spaced, core_title_key, core_folded, core_due_key, core_instant",
        ),
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(COLUMNS, "ALTER TABLE core_todo DROP title_key, DROP words")],
            [
                migrations.AddField(
                    "todo",
                    "title_key",
                    models.GeneratedField(
                        expression=Func("title", function="core_title_key"),
                        output_field=models.TextField(db_collation="C"),
                        db_persist=True,
                    ),
                )
            ],
        ),
        index("core_todo_list", "list"),
        index("core_todo_user_created", "user", "status", "created_at", "id", condition=VISIBLE),
        index("core_todo_user_updated", "user", "status", "updated_at", "id", condition=VISIBLE),
        index("core_todo_user_priority", "user", "status", "priority", "id", condition=VISIBLE),
        index("core_todo_user_title", "user", "status", "title_key", "id", condition=VISIBLE),
        index(
            "core_todo_user_due",
            expressions=(F("user"), F("status"), Func("due_date", "due_time", function="core_due_key"), F("id")),
            condition=VISIBLE,
        ),
        index("core_todo_user_completed", "user", "completed_at", condition=VISIBLE & Q(completed_at__isnull=False)),
        index("core_todo_list_created", "user", "list", "status", "created_at", "id", condition=VISIBLE),
        index("core_todo_list_position", "user", "list", "status", "position", "id", condition=VISIBLE),
        migrations.RunSQL(WORDS, "DROP INDEX core_todo_words"),
    ]
