#!/bin/sh
# Prepares what the application needs, then becomes the command (granian, see the Dockerfile).
set -eu

python manage.py wait_for_database

# The volume that nginx reads outlives a release. Files of the last release stay, for pages that are still open.
cp -R collected/. staticfiles/

# The site of the documents is that of the newest release, and changes in a moment.
rm -rf staticfiles/.docs
cp -R site staticfiles/.docs
rm -rf staticfiles/docs
mv staticfiles/.docs staticfiles/docs

# Each process of the application counts in a file there, from nothing with each start of the container.
export PROMETHEUS_MULTIPROC_DIR=/dev/shm/metrics
rm -rf "$PROMETHEUS_MULTIPROC_DIR"
mkdir "$PROMETHEUS_MULTIPROC_DIR"

exec "$@"
