# ruff: noqa: RUF001 - letters that look alike are what this is about
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

CREATE FUNCTION core_query(given text, template text) RETURNS tsquery LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rtrim(regexp_replace(btrim(core_spaced(given)), '([^ ]{1,40})[^ ]* ?', template, 'g'), ' &')::tsquery;

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


class Migration(migrations.Migration):
    """The orders of pages, and the words that are searched for."""

    dependencies = [("todos", "0005_positions")]

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
            "DROP FUNCTION core_words, core_query, core_spaced, core_title_key, core_folded, core_due_key, core_instant",
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
        migrations.AddIndex("todo", models.Index(fields=["list"], name="core_todo_list")),
        migrations.AddIndex(
            "todo",
            models.Index(
                fields=["user", "status", "created_at", "id"], name="core_todo_user_created", condition=VISIBLE
            ),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(
                fields=["user", "status", "updated_at", "id"], name="core_todo_user_updated", condition=VISIBLE
            ),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(
                fields=["user", "status", "priority", "id"], name="core_todo_user_priority", condition=VISIBLE
            ),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(fields=["user", "status", "title_key", "id"], name="core_todo_user_title", condition=VISIBLE),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(
                F("user"),
                F("status"),
                Func("due_date", "due_time", function="core_due_key"),
                F("id"),
                name="core_todo_user_due",
                condition=VISIBLE,
            ),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(
                fields=["user", "completed_at"],
                name="core_todo_user_completed",
                condition=VISIBLE & Q(completed_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(
                fields=["user", "list", "status", "created_at", "id"], name="core_todo_list_created", condition=VISIBLE
            ),
        ),
        migrations.AddIndex(
            "todo",
            models.Index(
                fields=["user", "list", "status", "position", "id"], name="core_todo_list_position", condition=VISIBLE
            ),
        ),
        migrations.RunSQL(WORDS, "DROP INDEX core_todo_words"),
    ]
