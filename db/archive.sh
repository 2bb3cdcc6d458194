#!/usr/bin/env bash
# Backups of the Compose deployment: made, put back, and tried out. `make backup`, `make restore`, `make restore-drill`.
# `make base-backup` and `make recover` are for moments at which nobody made one: recover.sh.
#
# An archive is a tar file: database.dump (pg_dump), attachments.tar, rows.tsv (of each table how many rows it has and a
# hash of them), attachments.sha256 (of each file that a row names) and SHA256SUMS of these. Dump and rows are of one
# snapshot. Files never change, so those that the snapshot names are the ones that are copied after it. Containers that
# run are taken as they are: what has changed in the clone meanwhile is for ./deploy.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 077

readonly PARTS=(database.dump attachments.tar rows.tsv attachments.sha256)
readonly SCRATCH=doable_scratch # where a dump is restored and compared before anything is replaced
readonly KEEP_DAYS=${KEEP_DAYS:-7} # from which every moment can be recovered

server=db # or recovery, which holds a moment that has passed

say() { printf 'archive: %s\n' "$*"; }

fail() {
  printf 'archive: %s\n' "$*" >&2
  exit 1
}

in_server() { docker compose --profile recovery exec -T "$server" "$@"; }

psql() {
  in_server psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --tuples-only --no-align \
    --field-separator=$'\t' --username=postgres "$@"
}

in_app() { docker compose run --rm -T --no-deps --entrypoint "$1" app1 "${@:2}"; }

# rows DATABASE: what rows.sql says of it.
rows() { psql --dbname="$1" <db/rows.sql; }

# One at a time, because a restore and a drill share the scratch database. What a killed one has left is nobody's then.
lock() {
  mkdir -p backups
  exec {lock}>backups/.lock
  flock --nonblock "$lock" || fail 'another backup, recovery, restore or drill is at work; try again when it has ended'
  rm -rf backups/.work.*
}

begin() {
  [[ -s secrets/secret_key ]] || fail 'there is no deployment here; ./deploy.sh makes one'
  lock
  work=$(mktemp -d backups/.work.XXXXXX)
  trap 'rm -rf "$work"' EXIT
  docker compose up --detach --no-deps --no-recreate --wait db 2>"$work/log" ||
    fail "PostgreSQL does not start: $(<"$work/log")"
}

# dump: the database and what is said of it, all from the snapshot that one session holds.
dump() {
  local snapshot session from to said
  coproc SESSION { psql --dbname=doable; }
  session=$SESSION_PID # Bash forgets it and closes its own ends of the pipes as soon as the session ends
  exec {from}<&"${SESSION[0]}" {to}>&"${SESSION[1]}"
  printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();\n' >&"$to"
  read -r snapshot <&"$from" || fail 'the database can not be read; run ./deploy.sh'
  in_server pg_dump --username=postgres --format=custom --snapshot="$snapshot" doable \
    >"$work/database.dump" || fail 'the database can not be dumped, see above'
  (ask_of_rows_and_files >&"$to") || true # the session itself tells whether it came to its end
  said=$(cat <&"$from")
  exec {from}<&- {to}>&-
  wait "$session" || fail 'PostgreSQL broke off while the rows were counted, so no archive was made; try again'
  sed '/^$/,$d' <<<"$said" >"$work/rows.tsv"
  sed '1,/^$/d' <<<"$said" >"$work/attachments.sha256"
}

ask_of_rows_and_files() {
  cat db/rows.sql
  printf '\\echo\n%s\n\\q\n' "SELECT sha256 || '  attachments/' || left(file, 2) || '/' || file FROM core_attachment;"
}

# copy_attachments: false where a file that the snapshot names is not in the copy, or went while it was being copied.
copy_attachments() {
  in_app sh -c 'mkdir -p media/attachments && tar -C media --exclude attachments/incoming -c attachments' \
    >"$work/attachments.tar" || return
  tar -tf "$work/attachments.tar" | sed '/\/$/d' | sort >"$work/there"
  sed 's/^[0-9a-f]*  //' "$work/attachments.sha256" | sort | comm -13 "$work/there" - >"$work/missing"
  [[ ! -s $work/missing ]]
}

# A file that was deleted after the snapshot is one that the next snapshot does not name.
gather() {
  for _ in 1 2 3; do
    dump
    ! copy_attachments || return 0
  done
  fail 'three times, files that the database names could not be copied; sweep_attachments tells whether any is lost'
}

# pack STAMP: what was gathered is an archive now, and $archive its name.
pack() {
  archive=backups/doable-$1.tar
  (cd "$work" && sha256sum "${PARTS[@]}" >SHA256SUMS)
  tar -C "$work" -cf "$work/archive" SHA256SUMS "${PARTS[@]}"
  mv "$work/archive" "$archive"
  say "made $archive, $(du -h "$archive" | cut -f 1), with $(awk '{ sum += $2 } END { print sum }' "$work/rows.tsv") rows"
}

# backup [TO]: of now, or of a moment that has passed.
backup() {
  begin
  if [[ -n $1 ]]; then
    archive_of "$1"
  else
    gather
    pack "$(date -u +%Y-%m-%dT%H-%M-%SZ)"
  fi
}

# load ARCHIVE: open it and restore its dump into the scratch database; fail unless it is what it was.
load() {
  [[ -f $1 ]] || fail "there is no archive ${1:-}; name one: ARCHIVE=backups/doable-….tar"
  tar -C "$work" -xf "$1" SHA256SUMS "${PARTS[@]}" && (cd "$work" && sha256sum --check --quiet SHA256SUMS) ||
    fail "$1 is damaged"
  psql --dbname=postgres --command='SET client_min_messages = warning' \
    --command="DROP DATABASE IF EXISTS $SCRATCH WITH (FORCE)" \
    --command="CREATE DATABASE $SCRATCH TEMPLATE template0 OWNER doable_owner"
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

# shellcheck source=deploy/containers.sh
source deploy/containers.sh
# shellcheck source=db/replace.sh
source db/replace.sh
# shellcheck source=db/recover.sh
source db/recover.sh

[[ $KEEP_DAYS =~ ^[0-9]+$ ]] || fail "KEEP_DAYS is $KEEP_DAYS, which is no number of days"
case ${1:-} in
  backup) backup "${2:-}" ;;
  base-backup) begin && base_backup ;;
  recover) recover "${2:-}" ;;
  restore) restore "${2:-}" ;;
  drill) drill "${2:-$(ls -1 backups/doable-*.tar 2>/dev/null | tail -n 1)}" ;;
  *)
    printf 'Usage: db/archive.sh backup [TO] | base-backup | recover [TO] | restore ARCHIVE | drill [ARCHIVE]\n' >&2
    exit 2
    ;;
esac
