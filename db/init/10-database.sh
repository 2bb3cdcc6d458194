#!/bin/sh
# Runs once, when the volume is empty. The application owns its database and is nothing else in the cluster.
set -eu

psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres <<'END'
\getenv password DATABASE_PASSWORD
CREATE ROLE doable LOGIN PASSWORD :'password';
CREATE DATABASE doable OWNER doable;
REVOKE ALL ON DATABASE doable FROM PUBLIC;
\connect doable
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO doable;
END
