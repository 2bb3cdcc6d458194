#!/bin/sh
# prune.sh DAYS, in the container of PostgreSQL: removes from the recovery folder what no moment of the last DAYS days
# needs. Needed are the base backups of these days and the one before, the log since the oldest of them, and the
# attachments that they name; of a cluster that is no more, all as long as its log reaches into these days.
set -eu
cd /recovery
begin=$(date -u -d "@$(($(date +%s) - $1 * 86400))" +%Y-%m-%dT%H-%M-%SZ)

first_segment() {
  start=$(sed -n 's/.*"Start-LSN": "\([^"]*\)".*/\1/p' "$1/backup_manifest" | head -n 1)
  psql --no-psqlrc --tuples-only --no-align --username=postgres --command="SELECT pg_walfile_name('$start')"
}

for cluster in [0-9]*; do
  if [ -z "$(find "$cluster/wal" -type f -mmin "-$(($1 * 1440 + 60))")" ]; then
    rm -rf "$cluster"
    continue
  fi
  oldest=$(ls "$cluster/base" | awk -v begin="$begin" 'NR == 1 || $0 <= begin { needed = $0 } END { print needed }')
  [ -n "$oldest" ] || continue
  ls "$cluster/base" | awk -v oldest="$oldest" '$0 < oldest' | while read -r base; do rm -rf "$cluster/base/$base"; done
  pg_archivecleanup -x .gz "$cluster/wal" "$(first_segment "$cluster/base/$oldest")"
done

sort -u [0-9]*/base/*/attachments >/tmp/named
find attachments -type f | sort | comm -23 - /tmp/named | xargs -r rm -f
