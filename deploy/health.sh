# shellcheck shell=bash
# Starting services, and waiting until they work. For deploy.sh and db/archive.sh.

readonly DEADLINE=180 # seconds that services have to become healthy
readonly LAG=40 # seconds after which each health check has been made once more

# up [OPTION…] [SERVICE…]: wait until services are healthy, and what they depend on.
up() { try_up "$@" || { await_health && try_up "$@"; } || explain_failure; }

try_up() { docker compose up --detach --wait --wait-timeout "$DEADLINE" "$@"; }

# await_health: Compose gives up at once where one is unhealthy, which may have missed nothing but what is back now.
await_health() {
  local give_up=$((SECONDS + LAG))
  while healths | grep -qx unhealthy; do
    ((SECONDS < give_up)) || return
    sleep 0.5
  done
}

serves() { [[ $(healths nginx app1 | sort -u) == healthy ]]; }

healths() { docker compose ps --format '{{.Health}}' "$@" 2>/dev/null; }

explain_failure() {
  local service state code health
  while read -r service state code health; do
    [[ "$state $health" == 'running healthy' || "$state $code" == 'exited 0' ]] && continue
    say "$service is $state${health:+ and $health}; its last lines:"
    docker compose logs --no-log-prefix --tail 20 "$service"
  done < <(docker compose ps --all --format '{{.Service}} {{.State}} {{.ExitCode}} {{.Health}}') >&2
  fail 'Doable is not healthy; the lines above say why'
}
