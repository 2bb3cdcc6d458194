-- Who may do what in the database of Doable. `manage.py prepare_database` runs this as the superuser, before the migrations
-- and after them, in one transaction each time: nothing here minds being done again, nor tables that are not there yet.

-- doable_owner owns everything and nobody logs in as it. doable is whom the application connects as, doable_monitor whom
-- a program connects as that only counts.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'doable_owner') THEN
        CREATE ROLE doable_owner;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'doable') THEN
        CREATE ROLE doable;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'doable_monitor') THEN
        CREATE ROLE doable_monitor;
    END IF;
END $$;

ALTER ROLE doable_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE doable LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
    CONNECTION LIMIT 90; -- so that somebody can still look when all of them are taken
ALTER ROLE doable_monitor LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 5;
GRANT pg_monitor TO doable_monitor;
ALTER ROLE doable SET statement_timeout = '5s';
ALTER ROLE doable SET lock_timeout = '2s';
ALTER ROLE doable SET idle_in_transaction_session_timeout = '10s';

-- In earlier releases the application owned what it uses, or with `make run` the superuser, whose own REASSIGN refuses.
REASSIGN OWNED BY doable TO doable_owner;
DO $$
DECLARE
    made text;
BEGIN
    FOR made IN
        SELECT kind || name FROM (
            SELECT oid, 'TABLE ' AS kind, oid::regclass::text AS name, relowner AS owner FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            UNION ALL
            SELECT oid, 'FUNCTION ', oid::regprocedure::text, proowner FROM pg_proc
            WHERE pronamespace = 'public'::regnamespace
        ) AS found
        WHERE owner <> 'doable_owner'::regrole
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = found.oid AND deptype = 'e') -- those of an extension
    LOOP
        EXECUTE format('ALTER %s OWNER TO doable_owner', made);
    END LOOP;
END $$;

DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO doable_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, doable', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO doable, doable_monitor', current_database());
END $$;
ALTER SCHEMA public OWNER TO doable_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC, doable;
GRANT USAGE ON SCHEMA public TO doable;

-- Rows of every table and nothing else: no TRUNCATE, no TRIGGER, no REFERENCES.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, doable;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO doable;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO doable;

-- Events are added and read; what their age asks for does core_forget_old_events, with the rights of the owner.
-- Which migrations are applied is noted by who applies them.
DO $$
BEGIN
    IF to_regclass('public.core_audit_event') IS NOT NULL THEN
        REVOKE UPDATE, DELETE ON public.core_audit_event FROM doable;
    END IF;
    IF to_regclass('public.django_migrations') IS NOT NULL THEN
        REVOKE INSERT, UPDATE, DELETE ON public.django_migrations FROM doable;
    END IF;
END $$;
