# shellcheck shell=bash
# What ./deploy.sh refuses before it changes anything, each with its reason.

# is_private HOST: whether it can only mean this machine or its local network, as app/config/env.py has it.
is_private() {
  local part='\.[0-9]+'
  local private="([^].:[]+|.+\.(localhost|local|internal|lan|home\.arpa)|(10|127)$part$part$part"
  private+="|(192\.168|169\.254|172\.(1[6-9]|2[0-9]|3[01]))$part$part|\[(::1|f[cd].*|fe[89ab].*)\])"
  [[ ${1,,} =~ ^$private$ ]]
}

check_profile() {
  local url host
  url=$(setting PUBLIC_URL "http://localhost:$(setting PORT 8000)")
  host=$(sed -E 's|^[a-z]+://||; s|/.*||; s|:[0-9]+$||' <<<"$url")
  case $(setting PROFILE http-local) in
    http-local)
      is_private "$host" ||
        fail "PUBLIC_URL is $url, and PROFILE=http-local would send passwords there in the clear; use PROFILE=tls"
      ;;
    tls)
      [[ $url == https://* ]] || fail "PROFILE=tls needs a PUBLIC_URL that begins with https://, and it is $url"
      [[ -n $(setting HTTPS_PORT '')$(setting TRUSTED_PROXIES '') ]] ||
        fail 'PROFILE=tls needs HTTPS_PORT (usually 443, with PORT=80), or TRUSTED_PROXIES where a proxy has the https'
      check_certificate "$host"
      ;;
    *) fail 'PROFILE is neither http-local nor tls' ;;
  esac
}

# check_certificate HOST: one has to be there, with its key; for trying, one is made that nobody has vouched for.
check_certificate() {
  local folder certificate key
  folder=$(setting TLS_FOLDER ./tls)
  certificate=$folder/$(setting TLS_CERTIFICATE fullchain.pem) key=$folder/$(setting TLS_KEY privkey.pem)
  command -v openssl >/dev/null || fail 'PROFILE=tls needs openssl on this machine, to look at the certificate'
  if [[ $folder == ./tls && ! -e $certificate && ! -e $key ]]; then make_trial_certificate "$1" "$certificate" "$key"; fi
  [[ -r $certificate ]] || fail "$certificate, the certificate, is missing or closed to you; docs/tls.md says more"
  [[ -r $key ]] || fail "$key, the key of the certificate, is missing or closed to you; docs/tls.md says more"
  openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null 2>&1 ||
    fail "$certificate is no certificate, or has ended"
  cmp -s <(openssl x509 -in "$certificate" -noout -pubkey) <(openssl pkey -in "$key" -pubout 2>/dev/null) ||
    fail "$key is not the key of $certificate"
  [[ -z $(setting HTTPS_PORT '') ]] || [[ $(openssl x509 -in "$certificate" -noout -issuer) != *'Doable for trying'* ]] ||
    say "the certificate is one for trying, made here: browsers warn of it; docs/tls.md says how to get another"
}

# make_trial_certificate HOST CERTIFICATE KEY
make_trial_certificate() {
  local name=DNS:$1
  [[ $1 != *[^0-9.]* || $1 == \[* ]] && name=$(tr -d '[]' <<<"IP:$1")
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj '/CN=Doable for trying' \
    -addext "subjectAltName=$name" -addext basicConstraints=critical,CA:false -out "$2" -keyout "$3" 2>/dev/null ||
    fail "no certificate could be made in ${2%/*}"
  say "made a certificate for $1 in ${2%/*}"
}

check_proxies() {
  local proxy
  for proxy in $(setting TRUSTED_PROXIES ''); do
    [[ $proxy =~ ^[0-9A-Fa-f.:]+(/[1-9][0-9]*)?$ ]] ||
      fail "TRUSTED_PROXIES has $proxy, which is no address and no network of known machines"
  done
}

check_ports() {
  local port holder
  for port in $(setting PORT 8000) $(setting HTTPS_PORT ''); do
    [[ $port =~ ^[0-9]+$ && $port -le 65535 ]] || fail "$port is no port"
    holder=$(docker ps --filter "publish=$port" --format '{{.Label "com.docker.compose.project"}}' | sort -u)
    [[ $holder == "$(setting COMPOSE_PROJECT_NAME doable)" ]] && continue
    [[ -z $holder ]] || fail "port $port is taken by the containers of $holder; choose another in .env"
    is_free "$port" || fail "port $port is taken by another program; choose another in .env"
  done
}

is_free() {
  local address
  address=$(setting BIND_ADDRESS 127.0.0.1)
  ! (: <"/dev/tcp/${address/#0.0.0.0/127.0.0.1}/$1") 2>/dev/null
}
