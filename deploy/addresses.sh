# shellcheck shell=bash
# Whether nginx sees the addresses of clients, or one that Docker puts in their place.

readonly CLAIMED=192.0.2.1 # an address of nobody, for documents

# Asks the published port, as a proxy on this machine does and as others do, and looks into the log whom nginx has seen.
# Limits, sessions and OPERATOR_ADDRESSES go by that address.
check_addresses() {
  local bound gateway
  bound=$(setting BIND_ADDRESS 0.0.0.0)
  gateway=$(docker network inspect --format '{{(index .IPAM.Config 0).Gateway}}' \
    "$(setting COMPOSE_PROJECT_NAME doable)_edge")
  if [[ $bound == 127.* ]]; then
    [[ $(client_seen_at "$bound") != "$gateway" ]] || say "nginx sees every client as $gateway:
  set TRUSTED_PROXIES=$gateway, so that the proxy on this machine can say who asks; docs/reverse-proxies.md"
  elif [[ $bound == 0.0.0.0 && $(client_seen_at 127.0.0.1) == "$CLAIMED" ]]; then
    say "TRUSTED_PROXIES holds $gateway, the gateway of Docker's network, from which others may come too:
  set BIND_ADDRESS=127.0.0.1, so that only the proxy on this machine does; docs/reverse-proxies.md"
  elif [[ $(client_seen_at "$(other_address "$bound")") == "$gateway" ]]; then
    say "Docker hides the addresses of clients: nginx sees all as $gateway, with one set of limits for everybody;
  keep that address out of OPERATOR_ADDRESSES and RATE_LIMIT_EXEMPT; docs/reverse-proxies.md says what helps"
  fi
}

# other_address BOUND: one of this machine by which others reach it.
other_address() {
  if [[ $1 == 0.0.0.0 ]]; then hostname -I 2>/dev/null | cut -d ' ' -f 1; else printf '%s' "$1"; fi
}

# client_seen_at ADDRESS: whom nginx takes a request for that claims to come from somebody else.
client_seen_at() {
  local path="/$(make_secret)" connection
  [[ -n $1 ]] || return 0
  exec {connection}<>"/dev/tcp/$1/$(setting PORT 8000)" || return 0
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: %s\r\nConnection: close\r\n\r\n' \
    "$path" "$CLAIMED" >&"$connection"
  cat <&"$connection" >/dev/null
  exec {connection}>&-
  docker compose logs --no-log-prefix --tail 200 nginx |
    sed -n "s|.*\"client\":\"\([^\"]*\)\".*\"path\":\"$path\".*|\1|p"
}
