#!/bin/sh
# PostgreSQL's archive_command: keep_wal.sh PATH NAME. Success tells PostgreSQL that it may forget the segment, so by
# then it is on the disk of the archive. What is kept is never replaced; what is given a second time has to be the same.
set -eu
umask 077
cluster=$(pg_controldata | sed -n 's/^Database system identifier: *//p')
wal=/recovery/$cluster/wal
kept=$wal/$2.gz

if [ -e "$kept" ]; then
  gzip -dc "$kept" | cmp -s - "$1" || {
    echo "$kept is there already, and is another" >&2
    exit 1
  }
else
  gzip <"$1" >"$wal/.new"
  sync "$wal/.new"
  mv "$wal/.new" "$kept"
fi
sync "$wal"
