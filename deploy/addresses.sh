# shellcheck shell=bash
# Whether nginx sees the addresses of clients, or one that Docker puts in their place.

readonly CLAIMED=192.0.2.1 # an address of nobody, for documents

# Asks the published port from an address of this machine that is not the loopback, as others do, and looks into the log
# whom nginx has seen. Limits, sessions and OPERATOR_ADDRESSES go by that address.
check_addresses() {
  local address seen gateway
  address=$(asked_address)
  [[ -n $address ]] || return 0
  seen=$(client_seen_at "$address")
  gateway=$(docker network inspect --format '{{(index .IPAM.Config 0).Gateway}}' \
    "$(setting COMPOSE_PROJECT_NAME doable)_edge")
  case $seen in
    "$CLAIMED") believes_everybody ;;
    "$gateway") sees_one_address "$gateway" ;;
  esac
}

asked_address() {
  local bound
  bound=$(setting BIND_ADDRESS 0.0.0.0)
  if [[ $bound == 0.0.0.0 ]]; then hostname -I 2>/dev/null | cut -d ' ' -f 1; else printf '%s' "$bound"; fi
}

# client_seen_at ADDRESS: whom nginx takes a request for that claims to come from somebody else.
client_seen_at() {
  local path="/$(make_secret)" connection
  exec {connection}<>"/dev/tcp/$1/$(setting PORT 8000)" || return 0
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\nConnection: close\r\n\r\n' \
    "$path" "$CLAIMED" >&"$connection"
  cat <&"$connection" >/dev/null
  exec {connection}>&-
  docker compose logs --no-log-prefix --tail 200 nginx |
    sed -n "s|.*\"client\":\"\([^\"]*\)\".*\"path\":\"$path\".*|\1|p"
}

is_for_this_machine() { [[ $(setting BIND_ADDRESS 0.0.0.0) == 127.* ]]; }

believes_everybody() {
  is_for_this_machine || fail 'TRUSTED_PROXIES holds the address that nginx sees for requests of this machine, and with it
  everybody may claim to come from anywhere: set BIND_ADDRESS=127.0.0.1, or name the address of the proxy alone'
}

sees_one_address() {
  if is_for_this_machine; then
    say "nginx sees every client as $1: set TRUSTED_PROXIES=$1, so that the proxy in front can say who asks"
  else
    say "Docker hides the addresses of clients: nginx sees all as $1, with one set of limits for everybody;
  keep that address out of OPERATOR_ADDRESSES and RATE_LIMIT_EXEMPT; docs/reverse-proxies.md says what helps"
  fi >&2
}
