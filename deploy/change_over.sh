# shellcheck shell=bash
# How a new application takes the place of the old one while requests go on.

readonly LAST_ANSWERS=30 # seconds that requests in hand have, before the old application is stopped

# change_over: both applications run, then nginx knows the new one alone, then the old one is stopped. Where nginx
# itself is outdated, nobody listens for a second.
change_over() {
  local old new workers
  mapfile -t old < <(docker compose ps --quiet app1)
  docker compose rm --force app1 # what an interrupted run has left, which would be started as the new one
  check_nginx
  say 'a new application takes over from the old one'
  add_to "${#old[@]}" app1 || keep_old "${old[@]}"
  new=$(others "${old[@]}")
  [[ -z $(outdated nginx) ]] || docker compose rm --stop --force nginx
  add_to "${#old[@]}" nginx || keep_old "${old[@]}"
  workers=$(nginx_workers)
  reload_nginx --env "APP_ADDRESS=$(address_of "$new"):8000" || keep_old "${old[@]}"
  wait_for_end_of "$workers"
  docker stop "${old[@]}" >/dev/null
  docker rm "${old[@]}" >/dev/null
}

# add_to COUNT SERVICE: bring the service up with one application more than there are, and leave all others as they are.
add_to() {
  docker compose up --detach --no-recreate --wait --wait-timeout "$DEADLINE" --scale "app1=$(($1 + 1))" "$2"
}

# others CONTAINER…: the containers of app1 that are none of these.
others() { containers app1 | grep -vxF "$(printf '%s\n' "$@")"; }

address_of() {
  local network
  network=$(setting COMPOSE_PROJECT_NAME doable)_edge
  docker inspect --format "{{(index .NetworkSettings.Networks \"$network\").IPAddress}}" "$1"
}

# keep_old CONTAINER…: the new application is of no use, and goes.
keep_old() {
  local new
  for new in $(others "$@"); do
    docker logs --tail 20 "$new" >&2
    docker rm --force "$new" >/dev/null
  done
  reload_nginx || true
  fail 'the new application is not healthy, so the old one stays; the lines above say why'
}

# reload_nginx [OPTION…]: has nginx fill its templates anew and read them; options are those of docker compose exec.
reload_nginx() {
  docker compose exec -T "$@" nginx sh /etc/nginx/reload.sh
}

# check_nginx: its files have to be in order before it is stopped for new ones.
check_nginx() {
  [[ -z $(outdated nginx) ]] ||
    docker compose run --rm -T --no-deps nginx nginx -p /var/cache/nginx -c /etc/nginx/nginx.conf -t -q ||
    fail 'nginx does not take its files; the lines above say why'
}

nginx_workers() {
  docker top "$(docker compose ps --quiet nginx)" -eo pid,args | awk '/nginx: worker process/ { print $1 }'
}

# wait_for_end_of WORKERS: those that still know the old application go on until their last request is answered.
wait_for_end_of() {
  local give_up=$((SECONDS + LAST_ANSWERS))
  while ((SECONDS < give_up)) && nginx_workers | grep -qxF "$1"; do sleep 0.2; done
}
