"""What the application may not do in its stores, wherever they are: under `make run` as in their containers."""

STATEMENTS = (
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "ALTER TABLE core_user ADD mine int",
    "DROP TABLE core_todo",
    "DROP INDEX core_todo_list",
    "TRUNCATE core_todo CASCADE",
    "CREATE TRIGGER mine AFTER INSERT ON core_user EXECUTE FUNCTION core_audit_event_append_only()",
    "ALTER TABLE core_audit_event DISABLE TRIGGER ALL",
    "SET session_replication_role = replica",
    "UPDATE core_audit_event SET event = 'logged_out'",
    "DELETE FROM core_audit_event",
    "DELETE FROM django_migrations",
    "SELECT rolpassword FROM pg_authid",
    "CREATE ROLE mine",
    "SET ROLE doable_owner",
    "COPY core_user TO PROGRAM 'cat'",
)
COMMANDS = ("FLUSHALL", "FLUSHDB", "CONFIG GET dir", "KEYS '*'", "DEBUG SLEEP 0", "ACL LIST")
