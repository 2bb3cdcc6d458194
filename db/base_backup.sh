#!/bin/sh
# base_backup.sh CLUSTER, in the container of PostgreSQL: makes a base backup in the folder of its cluster, and proves it.
# Its name is the first moment that can be recovered from it. Reads the names of the attachments that there are.
set -eu
umask 077
new=$1/base/.new

rm -rf "$new"
# The log that it needs is in the archive before this ends.
export PGOPTIONS=--client-min-messages=warning
pg_basebackup --username=postgres --no-password --pgdata="$new" --format=tar --gzip --wal-method=none --checkpoint=fast \
  --manifest-checksums=SHA256
cat >"$new/attachments"

# Before 18, pg_verifybackup does not look into tar files.
mkdir "$new/opened"
tar -xzf "$new/base.tar.gz" -C "$new/opened"
pg_verifybackup --quiet --no-parse-wal --manifest-path="$new/backup_manifest" "$new/opened"
rm -rf "$new/opened"

sync # copies of attachments too
mv "$new" "$1/base/$(date -u +%Y-%m-%dT%H-%M-%SZ)"
sync "$1/base"
