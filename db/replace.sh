# shellcheck shell=bash
# How a restored database takes the place of the one there is, which stays beside it until the application works.

replaced=doable_replaced_$(date -u +%Y%m%d_%H%M%S)
readonly replaced
readonly REACHED=60 # seconds that requests have to get through nginx, and its health check to see it

# accounts DATABASE: how many it has; that of a new deployment may have no tables.
accounts() {
  psql --dbname="$1" <<'END'
SELECT to_regclass('public.core_user') IS NULL AS empty \gset
\if :empty
  \echo 0
\else
  SELECT count(*) FROM public.core_user;
\endif
END
}

# leftovers: the databases that were replaced by restores that came to no end.
leftovers() {
  psql --dbname=postgres --command="SELECT datname FROM pg_database WHERE datname LIKE 'doable\_replaced%'"
}

# What an interrupted restore had replaced may be the only good copy, so its accounts count as those of doable do.
refuse_to_overwrite() {
  local database databases count
  [[ ${OVERWRITE:-} != yes ]] || return 0
  databases=$(leftovers) || fail 'the databases can not be listed, see above'
  for database in doable $databases; do
    count=$(accounts "$database") ||
      fail "the accounts of the database $database can not be counted, see above; on a new machine, run ./deploy.sh first"
    [[ $count == 0 ]] || fail "the database $database has $count accounts; OVERWRITE=yes replaces all that they have"
  done
}

stop_application() { docker compose stop app1 jobs redis; }

start_application() {
  docker compose up --detach --no-recreate --wait app1 jobs
  docker compose up --detach --no-recreate nginx
  wait_for_nginx
}

# wait_for_nginx: its own check finds the new address of app1. Compose would give up on an nginx that is unhealthy, as it is
# after a while without app1.
wait_for_nginx() {
  local give_up=$((SECONDS + REACHED))
  until docker compose exec -T nginx sh /etc/nginx/check.sh 2>"$work/log" && is_healthy nginx; do
    ((SECONDS < give_up)) || fail "no request gets through nginx: $(<"$work/log")"
    sleep 1
  done
}

# exchange DATABASE NAME: DATABASE becomes doable, and doable becomes NAME, in one transaction. The path of its files is
# another, so no answer that is kept in Redis is taken for one of its own. Copies of sessions would be, for a minute.
exchange() {
  psql --dbname=postgres <<END &&
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname IN ('doable', '$1') \g /dev/null
BEGIN;
ALTER DATABASE doable RENAME TO $2;
ALTER DATABASE $1 RENAME TO doable;
COMMIT;
END
    docker compose run --rm -T --no-deps --entrypoint find redis /data -mindepth 1 -delete
}

# put_back: the data of before, wherever the restore was broken off, and the application.
put_back() {
  say 'the restore has failed; what was there before is put back' >&2
  if leftovers | grep -qxF "$replaced"; then
    stop_application
    exchange "$replaced" "$SCRATCH" && drop_scratch
  fi
  start_application
}

drop_replaced() { leftovers | sed 's/.*/DROP DATABASE "&" WITH (FORCE);/' | psql --dbname=postgres; }

# replace_by ARCHIVE
replace_by() {
  load "$1"
  psql --dbname="$SCRATCH" --command=ANALYZE # a dump holds no statistics, without which plans are poor
  trap '(put_back) || true; rm -rf "$work"' EXIT # whatever happens from here on
  stop_application
  in_app tar -C media -x <"$work/attachments.tar"
  exchange "$SCRATCH" "$replaced"
  docker compose run --rm -T migrate
  start_application
  trap 'rm -rf "$work"' EXIT
  drop_replaced
  say "restored $1. Sessions and API tokens are those of the backup, even if they were ended since; to end them all:"
  say '  docker compose exec app1 python manage.py end_sessions --all'
}

restore() {
  begin
  refuse_to_overwrite
  replace_by "$1"
}
