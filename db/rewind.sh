#!/bin/sh
# rewind.sh BASE [MOMENT], in the container recovery: starts PostgreSQL on a base backup and the log after it, up to a
# moment or to the end of the archive. Nothing that it does reaches the archive.
set -eu
umask 077
base=$1 moment=${2:-}

chmod 700 "$PGDATA"
tar -xzf "$base/base.tar.gz" -C "$PGDATA"
made_by=$(cat "$PGDATA/PG_VERSION")
[ "$made_by" = "$(postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/')" ] || {
  echo "recovery: the base backup was made by PostgreSQL $made_by; set POSTGRES_IMAGE to that version" >&2
  exit 1
}
pg_verifybackup --quiet --no-parse-wal --manifest-path="$base/backup_manifest" "$PGDATA"

# What is lost with a crash is made again, so nothing waits for the disk. Nobody may look before it is at its end.
cat >"$PGDATA/postgresql.auto.conf" <<END
restore_command = 'sh /etc/doable/fetch_wal.sh "${base%/base/*}/wal" "%f" "%p"'
recovery_target_time = '$moment'
recovery_target_action = promote
archive_mode = off
hot_standby = off
listen_addresses = ''
fsync = off
END
touch "$PGDATA/recovery.signal"
pg_ctl start --silent --log=/tmp/log || true
while pg_ctl status >/dev/null && ! pg_isready --quiet; do sleep 0.2; done
pg_isready --quiet || {
  grep -E 'FATAL|last completed transaction|^recovery:' /tmp/log | grep -v 'not accepting connections' >&2 # to us
  exit 1
}
