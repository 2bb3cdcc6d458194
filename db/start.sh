#!/bin/sh
# Gives PostgreSQL its key as it wants it, readable for nobody else, then goes on as the image does.
set -eu
umask 077
cat /run/secrets/postgres_key >/tmp/server.key
exec docker-entrypoint.sh "$@"
