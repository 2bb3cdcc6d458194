#!/usr/bin/env bash
# Deploys Doable on this machine with Docker Compose. Safe to run again: that is also how to update.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly DEADLINE=180 # seconds that all services together have to become healthy
readonly SECRETS=(SECRET_KEY POSTGRES_PASSWORD DATABASE_PASSWORD REDIS_PASSWORD)
readonly PLACEHOLDER='change|placeholder|example|insecure|password'

usage() {
  cat <<'END'
Usage: ./deploy.sh [--prepare | --help]

Builds Doable, starts it with Docker Compose, waits until it is healthy and prints its addresses.
The first run makes .env from .env.example, and fresh secrets in secrets/; later runs keep what stands there.
To update, fetch the new version and run it again.

  --prepare   only make .env and secrets/, so that `docker compose up --detach` works
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

prepare_env() {
  umask 077
  if [[ ! -e .env ]]; then
    cp .env.example .env
    say 'made .env'
  fi
  chmod 600 .env
}

make_secret() { od -A n -t x1 -N 32 /dev/urandom | tr -d ' \n'; }

file_of() { printf 'secrets/%s' "$1" | tr '[:upper:]' '[:lower:]'; }

# write_secret NAME VALUE: nobody else gets into the folder; the users of the containers, who see the file alone, read it.
write_secret() {
  printf '%s' "$2" >secrets/.new
  chmod 444 secrets/.new
  mv secrets/.new "$(file_of "$1")"
}

# take_over NAME: move a value from .env or the environment, where earlier releases had it, into its file.
take_over() {
  local value
  value=$(setting "$1" '')
  [[ -n $value && $value != "$(cat "$(file_of "$1")" 2>/dev/null)" ]] && write_secret "$1" "$value"
  grep -qE "^(export )?$1 *=" .env || return 0
  awk -v name="$1" '$0 !~ "^(export )?" name " *="' .env >.env.new
  mv .env.new .env
  [[ -z $value ]] || say "moved $1 from .env to $(file_of "$1")"
}

# check_secret NAME: refuse what can be guessed.
check_secret() {
  local file least=16 value kinds
  file=$(file_of "$1")
  value=$(<"$file")
  [[ $1 != SECRET_KEY ]] || least=50
  ((${#value} >= least)) || fail "$1 in $file is shorter than $least characters"
  kinds=$(fold -w 1 <<<"$value" | sort -u | wc -l)
  ! grep -qiE "$PLACEHOLDER" <<<"$value" && ((kinds >= least / 5)) || fail "$1 in $file is a placeholder"
}

prepare_secrets() {
  local name
  mkdir -p secrets
  chmod 700 secrets
  for name in "${SECRETS[@]}" EMAIL_URL; do take_over "$name"; done
  [[ -s secrets/email_url ]] || write_secret EMAIL_URL filemail:////app/mail
  for name in "${SECRETS[@]}"; do
    if [[ ! -s $(file_of "$name") ]]; then
      [[ $name != POSTGRES_PASSWORD || -z $(database_volume) ]] ||
        fail "$name is missing, but the database in the volume $(database_volume) has one; put it into $(file_of "$name")"
      write_secret "$name" "$(make_secret)"
      say "made a fresh $name"
    fi
    check_secret "$name"
  done
  [[ -s secrets/postgres_key && -s secrets/postgres_certificate ]] || make_certificate
}

# With it connections to PostgreSQL are encrypted, and verified where DATABASE_SSLMODE=verify-full. It is its own authority.
make_certificate() {
  local made
  made=$(docker run --rm --network none --entrypoint openssl "$(setting POSTGRES_IMAGE postgres:15)" req -x509 -nodes \
    -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 3650 -subj /CN=db -addext subjectAltName=DNS:db \
    -keyout /dev/stdout -out /dev/stdout 2>/dev/null) || fail 'the certificate of PostgreSQL could not be made'
  write_secret POSTGRES_KEY "$(sed -n '/BEGIN PRIVATE KEY/,/END PRIVATE KEY/p' <<<"$made")"
  write_secret POSTGRES_CERTIFICATE "$(sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' <<<"$made")"
  say 'made a certificate for PostgreSQL'
}

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
  local id
  id=$(docker compose ps --quiet --all app1)
  [[ -z $id || -z $(find secrets -type f -newermt "$(docker inspect --format '{{.Created}}' "$id")") ]] ||
    printf '%s' --force-recreate
}

# Wait until services are healthy; what they depend on has been started before them.
up() { docker compose up --detach --no-deps --wait --wait-timeout "$DEADLINE" "$@" || explain_failure; }

# nginx and redis are always made anew, because they read the files of the clone only when they start, and with nginx
# also jobs; the others where they have changed.
start() {
  local anew
  say 'building'
  # What the containers read as users of their own has to be readable, also in a clone made under umask 077.
  chmod -R a+rX app db nginx redis web manage.py
  docker compose build || fail 'the image could not be built; the lines above say why'
  say "starting; this may take a few minutes"
  anew=$(anew)
  up --force-recreate redis
  up $anew db
  docker compose run --rm -T migrate || fail 'the database could not be prepared; the lines above say why'
  up $anew app1
  up --force-recreate nginx jobs
}

print_addresses() {
  local url
  url=$(setting PUBLIC_URL "http://localhost:$(setting PORT 8000)")
  cat <<END

Doable is running.

  the service    $url/
  the API        $url/api/docs/

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

case ${1:-} in
  '' | --prepare) ;;
  -h | --help) usage && exit ;;
  *) usage >&2 && exit 2 ;;
esac
check_docker
prepare_env
prepare_secrets
[[ ${1:-} != --prepare ]] || exit 0
start
print_addresses
