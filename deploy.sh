#!/usr/bin/env bash
# Deploys Doable on this machine with Docker Compose. Safe to run again: that is also how to update.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly DEADLINE=180 # seconds that all services together have to become healthy
readonly SECRETS=(SECRET_KEY POSTGRES_PASSWORD DATABASE_PASSWORD REDIS_PASSWORD)

usage() {
  cat <<'END'
Usage: ./deploy.sh [--help]

Builds Doable, starts it with Docker Compose, waits until it is healthy and prints its addresses.
The first run makes .env from .env.example, with fresh secrets; later runs keep what stands there.
To update, fetch the new version and run it again.
END
}

say() { printf 'deploy: %s\n' "$*"; }

fail() {
  printf 'deploy: %s\n' "$*" >&2
  exit 1
}

check_docker() {
  command -v docker >/dev/null || fail 'docker is not installed; see https://docs.docker.com/engine/install/'
  docker compose version >/dev/null 2>&1 ||
    fail 'docker has no compose plugin; see https://docs.docker.com/compose/install/'
  docker info >/dev/null 2>&1 ||
    fail 'the Docker engine does not answer; start it, or run this as a user who may use it'
}

# setting NAME DEFAULT: what Compose will use, which is the environment before .env.
setting() {
  local value=${!1:-}
  [[ -n $value ]] || value=$(sed -nE "s/^(export )?$1 *= *//p" .env | tail -n 1 |
    sed -E "s/\r\$//; s/^\"([^\"]*)\".*/\1/; s/^'([^']*)'.*/\1/; s/ +#.*//")
  printf '%s' "${value:-$2}"
}

database_volume() {
  docker volume ls --quiet --filter label=com.docker.compose.volume=postgres_data \
    --filter "label=com.docker.compose.project=$(setting COMPOSE_PROJECT_NAME doable)"
}

make_secret() { od -A n -t x1 -N 32 /dev/urandom | tr -d ' \n'; }

# write_secret NAME: put a fresh value at the end and remove what stands there without one.
write_secret() {
  local secret
  secret=$(make_secret)
  awk -v name="$1" '$0 !~ "^(export )?" name " *=" ' .env >.env.new # awk also ends a last line that has no end
  printf '%s=%s\n' "$1" "$secret" >>.env.new
  mv .env.new .env
}

prepare_env() {
  umask 077
  if [[ ! -e .env ]]; then
    cp .env.example .env
    say 'made .env'
  fi
  chmod 600 .env
  local name
  for name in "${SECRETS[@]}"; do
    [[ -z $(setting "$name" '') ]] || continue
    if [[ $name == *_PASSWORD && $name != REDIS_PASSWORD && -n $(database_volume) ]]; then
      fail "$name is missing, but the database in the volume $(database_volume) has one; put it back into .env"
    fi
    write_secret "$name"
    say "made a fresh $name"
  done
}

# The passwords stand in addresses and command lines, where other characters would mean something.
check_passwords() {
  local name
  for name in "${SECRETS[@]}"; do
    [[ $name != *_PASSWORD || $(setting "$name" '') != *[^A-Za-z0-9]* ]] ||
      fail "$name may hold letters and digits alone; change it in .env"
  done
}

explain_failure() {
  local service state health
  while read -r service state health; do
    [[ "$state $health" == 'running healthy' ]] && continue
    say "$service is $state${health:+ and $health}; its last lines:"
    docker compose logs --no-log-prefix --tail 20 "$service"
  done < <(docker compose ps --all --format '{{.Service}} {{.State}} {{.Health}}') >&2
  fail 'Doable is not healthy; the lines above say why'
}

# nginx and redis are always made anew, because they read the files of the clone only when they start, and with nginx also
# jobs, for which nobody waits otherwise; the others where they have changed. With redis in the same command, Compose
# would also make anew who depends on it.
start() {
  say 'building'
  # What the containers read as users of their own has to be readable, also in a clone made under umask 077.
  chmod -R a+rX app db nginx redis web manage.py
  docker compose build || fail 'the image could not be built; the lines above say why'
  say "starting; this may take up to $DEADLINE seconds"
  docker compose up --detach --force-recreate --no-deps redis || explain_failure
  docker compose up --detach --force-recreate --wait --wait-timeout "$DEADLINE" nginx jobs || explain_failure
}

print_addresses() {
  local url
  url=$(setting PUBLIC_URL "http://localhost:$(setting PORT 8000)")
  cat <<END

Doable is running.

  the service    $url/
  the API        $url/api/docs/
  the documents  $url/docs/

Next:
  docker compose logs --follow      what happens
  docker compose down               stop; the data stays
  ./deploy.sh                       after a change of .env, or to update

Keep a copy of .env in a safe place: without its passwords the data cannot be opened.
END
  [[ -n $(setting EMAIL_URL '') ]] || cat <<'END'

No mail server is set (EMAIL_URL in .env), so mail is written into files:
  docker compose exec jobs ls mail
END
}

case ${1:-} in
  '') ;;
  -h | --help) usage && exit ;;
  *) usage >&2 && exit 2 ;;
esac
check_docker
prepare_env
check_passwords
start
print_addresses
