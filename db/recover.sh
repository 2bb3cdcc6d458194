# shellcheck shell=bash
# Point-in-time recovery. A base backup and the write-ahead log after it give an archive of any moment since, which is
# restored like one that was made then.

readonly ARCHIVED=60 # seconds that the archive has to take a segment

in_db() { docker compose exec -T db "$@"; }

# cluster: the folder of the one that runs; another volume has another.
cluster() { psql --dbname=postgres --command="SELECT '/recovery/' || system_identifier FROM pg_control_system()"; }

# keep_attachments: those of now, into the recovery folder; files never change. A recovery may need them when they are
# deleted, and the sweep removes those that only a later moment names.
keep_attachments() {
  in_app sh -c 'mkdir -p media/attachments && cd media &&
    find attachments -path attachments/incoming -prune -o -type f -print' |
    sort >"$work/attachments"
  in_db sh -c 'cd /recovery && rm -rf .incoming && mkdir -p attachments .incoming/attachments &&
    find attachments -type f' |
    sort >"$work/kept" || fail 'the recovery folder can not be written to; run ./deploy.sh'
  comm -23 "$work/attachments" "$work/kept" | in_app tar -C media --ignore-failed-read -c -T - |
    in_db sh -c 'cd /recovery && tar -C .incoming -x -p && cp -al .incoming/attachments . && rm -r .incoming'
}

# archive_from_now_on: the first base backup begins it.
archive_from_now_on() {
  in_db mkdir -p "$1/base" "$1/wal"
  psql --dbname=postgres <<'END'
ALTER SYSTEM SET archive_command = 'sh /etc/doable/keep_wal.sh "%p" "%f"';
ALTER SYSTEM SET archive_timeout = '45s';
SELECT pg_reload_conf() \g /dev/null
END
}

# catch_up CLUSTER: all that was written until now is in the archive, and ends with a transaction that has a time.
catch_up() {
  local segment before='' count give_up=0
  segment=$(psql --dbname=postgres <<<'SELECT pg_current_xact_id() \g /dev/null
SELECT pg_walfile_name(pg_switch_wal());')
  until in_db test -e "$1/wal/$segment.gz"; do
    count=$(psql --dbname=postgres --command='SELECT archived_count FROM pg_stat_archiver')
    [[ $count == "$before" ]] || before=$count give_up=$((SECONDS + ARCHIVED))
    ((SECONDS < give_up)) || fail 'the archive of the write-ahead log takes nothing; docker compose logs db says why'
    sleep 0.2
  done
}

base_backup() {
  local cluster
  cluster=$(cluster)
  keep_attachments
  archive_from_now_on "$cluster"
  catch_up "$cluster"
  in_db sh /etc/doable/base_backup.sh "$cluster" <"$work/attachments" || fail 'no base backup was made, see above'
  in_db sh /etc/doable/prune.sh "$KEEP_DAYS"
  say "made a base backup; every moment since $(in_db ls "$cluster/base" | head -n 1) can be recovered, from" \
    "$(in_db du -sh /recovery | cut -f 1)"
}

# moment TO: as the names of base backups have it, and as PostgreSQL does. Without TO, now and nothing.
moment() {
  local said stamp text future
  said=$(psql --dbname=postgres --set=to="${1:-now}" <<'END'
SET TIME ZONE 'UTC';
SELECT to_char(at, 'YYYY-MM-DD"T"HH24-MI-SS"Z"'), at, at > now() FROM CAST(:'to' AS timestamptz) AS at;
END
  ) || fail "TO=$1 is no time; one is TO='2026-11-30 18:00:00+00', and without an offset it is UTC"
  IFS=$'\t' read -r stamp text future <<<"$said"
  [[ $future == f ]] || fail "TO=$1 lies in the future"
  printf '%s\t%s\n' "$stamp" "${1:+$text}"
}

# base_before STAMP: the newest base backup that a recovery to that moment can begin with, of whatever cluster.
base_before() {
  local bases found
  bases=$(in_db sh -c 'ls -d /recovery/[0-9]*/base/*' 2>/dev/null | sort -t / -k 5) ||
    fail "there is no base backup in the recovery folder; 'make base-backup' makes one"
  found=$(awk -F / -v moment="$1" '$5 <= moment' <<<"$bases" | tail -n 1)
  [[ -n $found ]] || fail "TO=$1 is before the oldest base backup, $(head -n 1 <<<"$bases")"
  printf '%s' "$found"
}

end_recovery() { docker compose --profile recovery rm --stop --force --volumes recovery &>/dev/null; }

# rewind BASE MOMENT: has the container recovery hold the state of that moment.
rewind() {
  end_recovery
  trap 'end_recovery; rm -rf "$work"' EXIT
  docker compose --profile recovery up --detach --no-deps recovery 2>"$work/log" || fail "no container: $(<"$work/log")"
  server=recovery in_server sh /etc/doable/rewind.sh "$1" "$2" ||
    fail "$1 and the log after it can not be played${2:+ up to $2}, see above; nothing was changed"
}

# gather_past: what gather does, of the moment that the container recovery holds. Attachments come out of the recovery
# folder.
gather_past() {
  server=recovery dump
  in_db sh -c 'cd /recovery && find attachments -type f' | sort >"$work/there"
  sed 's/^[0-9a-f]*  //' "$work/attachments.sha256" | sort >"$work/named"
  comm -12 "$work/named" "$work/there" | in_db tar -C /recovery -c -T - >"$work/attachments.tar"
  comm -23 "$work/named" "$work/there" >"$work/lost"
  [[ -s $work/lost ]] || return 0
  say "the content of $(wc -l <"$work/lost") attachments is lost; they stay, and answer 410 to who downloads them" >&2
  awk 'NR == FNR { lost[$1]; next } !($2 in lost)' "$work/lost" "$work/attachments.sha256" >"$work/left"
  mv "$work/left" "$work/attachments.sha256"
}

# archive_of TO: make the archive of that moment, and set its name.
archive_of() {
  local said stamp moment base
  said=$(moment "$1")
  IFS=$'\t' read -r stamp moment <<<"$said"
  base=$(base_before "$stamp")
  keep_attachments
  [[ $base != "$(cluster)/"* ]] || (catch_up "$(cluster)") || say 'going on with what is in the archive' >&2
  rewind "$base" "$moment"
  gather_past
  end_recovery
  trap 'rm -rf "$work"' EXIT
  pack "$stamp"
}

# A volume that was lost is made anew, with the roles that a restore needs.
prepare_new_cluster() {
  [[ -n $(psql --dbname=postgres --command="SELECT 1 FROM pg_database WHERE datname = 'doable'") ]] ||
    docker compose run --rm -T migrate
}

recover() {
  begin
  prepare_new_cluster
  refuse_to_overwrite
  archive_of "$1"
  replace_by "$archive"
  base_backup
}
