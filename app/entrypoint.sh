#!/bin/sh
# Prepares what the application needs, then becomes the command (granian, see the Dockerfile).
set -eu

DEADLINE=60 # seconds that PostgreSQL has to answer

database_answers() {
    DATABASE=${DATABASE_URL:-$(cat "${DATABASE_URL_FILE:?DATABASE_URL is not set}")} python -c '
import os, psycopg
psycopg.connect(os.environ["DATABASE"], connect_timeout=2).close()'
}

wait_for_database() {
    give_up=$(($(date +%s) + DEADLINE))
    until complaint=$(database_answers 2>&1); do
        if [ "$(date +%s)" -ge "$give_up" ]; then
            echo "doable: PostgreSQL has not answered within $DEADLINE seconds: ${complaint##*
}" >&2
            exit 1
        fi
        sleep 1
    done
}

wait_for_database
python manage.py migrate --no-input

# The volume that nginx reads outlives a release. Files of the last release stay, for pages that are still open.
rm -rf staticfiles/docs
cp -R collected/. staticfiles/

# Each process of the application counts in a file there, from nothing with each start of the container.
export PROMETHEUS_MULTIPROC_DIR=/dev/shm/metrics
rm -rf "$PROMETHEUS_MULTIPROC_DIR"
mkdir "$PROMETHEUS_MULTIPROC_DIR"

exec "$@"
