# shellcheck shell=bash
# What is known of the containers of a service. For deploy.sh, and the first for db/archive.sh too.

is_healthy() { [[ $(docker compose ps --format '{{.Health}}' "$1" 2>/dev/null | sort -u) == healthy ]]; }

# containers SERVICE: all that it has, also those that are stopped, but without those of `docker compose run`.
containers() {
  docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$(setting COMPOSE_PROJECT_NAME doable)" \
    --filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False
}

# outdated SERVICE: its containers that were made of another image or other settings.
outdated() {
  local hash container image
  hash=$(docker compose config --hash "$1" | cut -d ' ' -f 2)
  for container in $(docker compose ps --quiet "$1"); do
    image=$(docker image inspect --format '{{.Id}}' "$(docker inspect --format '{{.Config.Image}}' "$container")")
    [[ $(docker inspect --format '{{.Image}} {{index .Config.Labels "com.docker.compose.config-hash"}}' "$container") \
      == "$image $hash" ]] || printf '%s\n' "$container"
  done
}
