#!/usr/bin/env bash
# Backups of the Compose deployment: made, put back, and tried out. `make backup`, `make restore`, `make restore-drill`.
#
# An archive is a tar file: database.dump (pg_dump), attachments.tar, rows.tsv (of each table how many rows it has and a
# hash of them), attachments.sha256 (of each file that a row names) and SHA256SUMS of these. Dump and rows are of one
# snapshot. Files never change, so those that the snapshot names are the ones that are copied after it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 077

readonly PARTS=(database.dump attachments.tar rows.tsv attachments.sha256)
readonly SCRATCH=doable_scratch # where a dump is restored and compared before anything is replaced

say() { printf 'archive: %s\n' "$*"; }

fail() {
  printf 'archive: %s\n' "$*" >&2
  exit 1
}

psql() {
  docker compose exec -T db psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --tuples-only --no-align \
    --field-separator=$'\t' --username=postgres "$@"
}

in_app() { docker compose run --rm -T --no-deps --entrypoint "$1" app1 "${@:2}"; }

# rows DATABASE: what rows.sql says of it.
rows() { psql --dbname="$1" <db/rows.sql; }

begin() {
  [[ -d secrets ]] || fail 'there is no deployment here; ./deploy.sh makes one'
  mkdir -p backups
  work=$(mktemp -d backups/.work.XXXXXX)
  trap 'rm -rf "$work"' EXIT
  docker compose up --detach --no-deps --wait db 2>"$work/log" || fail "PostgreSQL does not start: $(<"$work/log")"
}

# dump: the database and what is said of it, all from the snapshot that one session holds.
dump() {
  local snapshot rest
  coproc SESSION { psql --dbname=doable; }
  printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();\n' >&"${SESSION[1]}"
  read -r snapshot <&"${SESSION[0]}" || fail 'the database can not be read; run ./deploy.sh'
  docker compose exec -T db pg_dump --username=postgres --format=custom --snapshot="$snapshot" doable \
    >"$work/database.dump"
  cat db/rows.sql >&"${SESSION[1]}"
  printf '\\echo\n%s\n\\q\n' "SELECT sha256 || '  attachments/' || left(file, 2) || '/' || file FROM core_attachment;" \
    >&"${SESSION[1]}"
  rest=$(cat <&"${SESSION[0]}")
  sed '/^$/,$d' <<<"$rest" >"$work/rows.tsv"
  sed '1,/^$/d' <<<"$rest" >"$work/attachments.sha256"
}

copy_attachments() {
  in_app sh -c 'mkdir -p media/attachments && tar -C media --exclude attachments/incoming -c attachments' \
    >"$work/attachments.tar"
  tar -tf "$work/attachments.tar" | grep -v '/$' | sort >"$work/there" || true
  sed 's/^[0-9a-f]*  //' "$work/attachments.sha256" | sort | comm -13 "$work/there" - >"$work/missing"
  [[ ! -s $work/missing ]] ||
    fail "$(wc -l <"$work/missing") files of attachments are missing; where none is lost (sweep_attachments), try again"
}

backup() {
  local archive
  begin
  archive=backups/doable-$(date -u +%Y-%m-%dT%H-%M-%SZ).tar
  dump
  copy_attachments
  (cd "$work" && sha256sum "${PARTS[@]}" >SHA256SUMS)
  tar -C "$work" -cf "$work/archive" SHA256SUMS "${PARTS[@]}"
  mv "$work/archive" "$archive"
  say "made $archive, $(du -h "$archive" | cut -f 1), with $(awk '{ sum += $2 } END { print sum }' "$work/rows.tsv") rows"
}

# load ARCHIVE: open it and restore its dump into the scratch database; fail unless it is what it was.
load() {
  [[ -f $1 ]] || fail "there is no archive ${1:-}; name one: ARCHIVE=backups/doable-….tar"
  tar -C "$work" -xf "$1" SHA256SUMS "${PARTS[@]}" && (cd "$work" && sha256sum --check --quiet SHA256SUMS) ||
    fail "$1 is damaged"
  psql --dbname=postgres --command="DROP DATABASE IF EXISTS $SCRATCH WITH (FORCE)" \
    --command="CREATE DATABASE $SCRATCH TEMPLATE template0 OWNER doable_owner" 2>&1 | grep -v NOTICE || true
  docker compose exec -T db pg_restore --username=postgres --dbname="$SCRATCH" --no-owner --role=doable_owner \
    --no-privileges --exit-on-error <"$work/database.dump"
  rows "$SCRATCH" | diff "$work/rows.tsv" - >&2 || fail 'the restored rows differ from those of the backup, see above'
}

drop_scratch() { psql --dbname=postgres --command="DROP DATABASE $SCRATCH WITH (FORCE)"; }

drill() {
  begin
  load "$1"
  drop_scratch
  tar -C "$work" -xf "$work/attachments.tar"
  (cd "$work" && { [[ ! -s attachments.sha256 ]] || sha256sum --check --quiet attachments.sha256; }) ||
    fail 'files of attachments differ from those of the backup, see above'
  say "$1 can be restored: $(wc -l <"$work/rows.tsv") tables with $(awk '{ sum += $2 } END { print sum }' \
    "$work/rows.tsv") rows and $(wc -l <"$work/attachments.sha256") files are as they were"
}

refuse_to_overwrite() {
  local accounts
  accounts=$(psql --dbname=doable --command='SELECT count(*) FROM core_user' 2>/dev/null) || accounts=0
  [[ $accounts == 0 || ${OVERWRITE:-} == yes ]] ||
    fail "the deployment has $accounts accounts; OVERWRITE=yes replaces all that they have"
}

# The scratch database takes the place of the other in one transaction. The path of its files is another, so no answer
# that is kept in Redis is taken for one of its own.
swap() {
  psql --dbname=postgres <<END
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN ('doable', '$SCRATCH') \g /dev/null
BEGIN;
ALTER DATABASE doable RENAME TO doable_replaced;
ALTER DATABASE $SCRATCH RENAME TO doable;
COMMIT;
DROP DATABASE doable_replaced WITH (FORCE);
END
}

restore() {
  begin
  refuse_to_overwrite
  load "$1"
  psql --dbname="$SCRATCH" --command=ANALYZE # a dump holds no statistics, without which plans are poor
  trap 'docker compose up --detach; rm -rf "$work"' EXIT # whatever happens from here on
  docker compose stop app1 jobs
  in_app tar -C media -x <"$work/attachments.tar"
  swap
  docker compose run --rm -T migrate
  docker compose up --detach --wait
  trap 'rm -rf "$work"' EXIT
  say "restored $1. Sessions and API tokens are those of the backup, even if they were ended since; to end them all:"
  say '  docker compose exec app1 python manage.py end_sessions --all'
}

case ${1:-} in
  backup) backup ;;
  restore) restore "${2:-}" ;;
  drill) drill "${2:-$(ls -1 backups/doable-*.tar 2>/dev/null | tail -n 1)}" ;;
  *) printf 'Usage: db/archive.sh backup | restore ARCHIVE | drill [ARCHIVE]\n' >&2 && exit 2 ;;
esac
