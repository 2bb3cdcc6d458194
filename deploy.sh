#!/usr/bin/env bash
# Deploys Doable on this machine with Docker Compose. Safe to run again: that is also how to update.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly DEADLINE=180 # seconds that all services together have to become healthy

usage() {
  cat <<'USAGE'
Usage: ./deploy.sh [--prepare | --help]

Builds Doable, starts it with Docker Compose, waits until it is healthy and prints its addresses.
The first run makes .env from .env.example, and fresh secrets in secrets/; later runs keep what stands there.
To update, fetch the new version and run it again: while a new application takes over from the old one, no request
fails. A new version that does not become healthy leaves the old one at work.

  --prepare   only make .env and secrets/, for `docker compose up --detach` without secrets in .env

The settings stand in .env, and .env.example says what each does. The most important:

  PUBLIC_URL    what people type
  PORT          the port for http (8000)
  PROFILE       http-local, or tls with HTTPS_PORT (443) and a certificate in tls/; docs/tls.md
  BIND_ADDRESS  127.0.0.1 where a proxy on this machine stands before Doable; docs/reverse-proxies.md

It refuses, and says why: plain http for a public address, a certificate that is missing, has ended or has another key,
a port that is taken, a proxy that nobody could know, a secret that could be guessed.
USAGE
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
  [[ -n $value ]] || value=$(set_in_env "$1")
  printf '%s' "${value:-$2}"
}

prepare_env() {
  umask 077
  if [[ ! -e .env ]]; then
    cp .env.example .env
    say 'made .env'
  fi
  chmod 600 .env
}

# Base backups and the log hold all that people have stored: none but the user of PostgreSQL in its container, and root,
# sees them.
prepare_recovery_folder() {
  local folder
  folder=$(setting RECOVERY_FOLDER ./backups/recovery)
  mkdir -p "$folder" && docker run --rm --network none --user root --volume "$(realpath "$folder"):/recovery" \
    --entrypoint sh "$(setting POSTGRES_IMAGE postgres:15)" -c \
    'chmod 700 /recovery && find /recovery ! -user postgres -exec chown postgres:postgres {} +' ||
    fail "$folder can not be made a folder of PostgreSQL; RECOVERY_FOLDER may name another"
}

# What the containers read as users of their own has to be readable, also in a clone made under umask 077.
open_files() { chmod -R a+rX acme app db monitoring nginx redis web manage.py; }

explain_failure() {
  local service state code health
  while read -r service state code health; do
    [[ "$state $health" == 'running healthy' || "$state $code" == 'exited 0' ]] && continue
    say "$service is $state${health:+ and $health}; its last lines:"
    docker compose logs --no-log-prefix --tail 20 "$service"
  done < <(docker compose ps --all --format '{{.Service}} {{.State}} {{.ExitCode}} {{.Health}}') >&2
  fail 'Doable is not healthy; the lines above say why'
}

# A container keeps the secrets that it was started with. Print what has Compose make anew those whose have changed since.
anew() {
  local id made
  for id in $(containers app1) $(containers jobs); do
    made=$(docker inspect --format '{{.Created}}' "$id")
    [[ -z $(find secrets -type f -newermt "$made") ]] || { printf '%s' --force-recreate && return; }
  done
}

# Wait until services are healthy, and what they depend on.
up() { docker compose up --detach --wait --wait-timeout "$DEADLINE" "$@" || explain_failure; }

# What a service has missed may be back now, but Compose gives up at once on one that is unhealthy.
restart_unless_healthy() { is_healthy "$1" || docker compose restart --no-deps "$1"; }

# Always by a new container: the one of an earlier run has the roles and migrations of its release.
prepare_database() {
  docker compose up --detach --force-recreate migrate || explain_failure
  [[ $(docker wait "$(docker compose ps --all --quiet migrate)") == 0 ]] || {
    docker compose logs --no-log-prefix migrate >&2
    fail 'the database could not be prepared; the lines above say why'
  }
}

# Redis is always made anew, because it reads the files of the clone only when it starts; the others where they have
# changed. nginx reads its files again as it runs.
start() {
  local anew
  say 'building'
  docker compose build || fail 'the image could not be built; the lines above say why'
  say "starting; this may take a few minutes"
  anew=$(anew)
  up --force-recreate redis
  up $anew db
  prepare_database
  [[ -z $(outdated nginx) ]] || say 'nginx is made anew, as its image or settings have changed: nobody listens for a moment'
  if ! is_healthy nginx || ! is_healthy app1; then
    up $anew app1
  elif [[ -n $(outdated app1)$anew ]]; then
    change_over
  fi
  restart_unless_healthy nginx
  up nginx
  reload_nginx || fail 'nginx does not take its files; the lines above say why'
  restart_unless_healthy jobs
  up $anew jobs
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

Keep a copy of .env and secrets/ in a safe place: without its passwords the data cannot be opened.
END
  [[ $(<secrets/email_url) != filemail:* ]] || cat <<'END'

No mail server is set (EMAIL_URL in .env), so mail is written into files:
  docker compose exec jobs ls mail
END
}

# shellcheck source=deploy/dotenv.sh
source deploy/dotenv.sh
# shellcheck source=deploy/secrets.sh
source deploy/secrets.sh
# shellcheck source=deploy/checks.sh
source deploy/checks.sh
# shellcheck source=deploy/containers.sh
source deploy/containers.sh
# shellcheck source=deploy/change_over.sh
source deploy/change_over.sh
# shellcheck source=deploy/addresses.sh
source deploy/addresses.sh

case ${1:-} in
  '' | --prepare) ;;
  -h | --help) usage && exit ;;
  *) usage >&2 && exit 2 ;;
esac
check_docker
prepare_env
check_ports
check_profile
check_proxies
prepare_secrets
prepare_recovery_folder
open_files
[[ ${1:-} != --prepare ]] || exit 0
start
print_addresses
check_addresses
