#!/bin/sh
# Prepares what the application needs, then becomes the command (granian, see the Dockerfile).
set -eu

python manage.py wait_for_database

# The volume that nginx reads outlives a release. Files of the last release stay, for pages that are still open.
cp -R collected/. staticfiles/

exec "$@"
