"""Old events are forgotten with the rights of who owns their table, so that nobody else has to have them."""

from django.db import migrations

# The trigger of the table lets these two pass, and no other change: the times stand there too.
FORGET_OLD_EVENTS = """
CREATE FUNCTION core_forget_old_events(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    deleted integer;
    blurred integer;
BEGIN
    DELETE FROM core_audit_event WHERE id IN (
        SELECT id FROM core_audit_event WHERE created_at < now() - interval '1 year' LIMIT most
    );
    GET DIAGNOSTICS deleted = ROW_COUNT;
    UPDATE core_audit_event
    SET address = network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 64 END))
    WHERE id IN (
        SELECT id FROM core_audit_event
        WHERE created_at < now() - interval '90 days'
        AND masklen(address) = CASE family(address) WHEN 4 THEN 32 ELSE 128 END LIMIT most
    );
    GET DIAGNOSTICS blurred = ROW_COUNT;
    RETURN deleted + blurred;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_operators"),
    ]

    operations = [
        migrations.RunSQL(FORGET_OLD_EVENTS, "DROP FUNCTION core_forget_old_events"),
    ]
