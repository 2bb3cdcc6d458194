# shellcheck shell=bash
# The secrets: the service `secrets` makes files of those in .env or the environment, and of those that are made here because
# they have no value yet.

database_volume() {
  docker volume ls --quiet --filter label=com.docker.compose.volume=postgres_data \
    --filter "label=com.docker.compose.project=$(setting COMPOSE_PROJECT_NAME doable)"
}

make_secret() { od -A n -t x1 -N 32 /dev/urandom | tr -d ' \n'; }

# value_for NAME: what is set; a fresh value where nothing is, and no file either.
value_for() {
  local value
  value=$(setting "$1" '')
  if [[ -z $value && $1 != EMAIL_URL && -z $(cat "$(file_of "$1")" 2>/dev/null) ]]; then
    [[ $1 != POSTGRES_PASSWORD || -z $(database_volume) ]] ||
      fail "$1 is missing, but the database in the volume $(database_volume) has one; put it into $(file_of "$1")"
    value=$(make_secret)
    say "made a fresh $1" >&2
  fi
  printf '%s' "$value"
}

# forget NAME: remove from .env what is in its file now.
forget() {
  local value
  grep -qE "$(assignment_of "$1")" .env || return 0
  value=$(set_in_env "$1")
  sed -E "/$(assignment_of "$1")/d" .env >.env.new
  mv .env.new .env
  [[ -z $value ]] || say "moved $1 from .env to $(file_of "$1")"
}

# By a pipe, because `docker inspect` shows the environment and the command line of a container.
prepare_secrets() {
  local name value handed=()
  for name in "${SECRETS[@]}" EMAIL_URL; do
    value=$(value_for "$name")
    handed+=("$name=$value")
  done
  printf '%s\0' "${handed[@]}" | docker compose --progress quiet run --rm -T secrets - ||
    fail 'a secret is refused; the line above says why'
  for name in "${SECRETS[@]}" EMAIL_URL; do forget "$name"; done
}
