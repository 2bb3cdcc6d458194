#!/usr/bin/env bash
# keep_secrets.sh [-]: the service `secrets`, which ends before any other begins: takes each secret from .env into a file of
# its own in secrets/, or leaves the one that is there, and refuses what is missing or could be guessed. With -, values
# that ./deploy.sh hands over count first. In the image of PostgreSQL, for its OpenSSL.
set -euo pipefail
cd /
umask 077

readonly PLACEHOLDER='change|placeholder|example|insecure|password'

# shellcheck source=deploy/dotenv.sh
source deploy/dotenv.sh

say() { printf 'secrets: %s\n' "$*"; }

fail() {
  printf 'secrets: %s\n' "$*" >&2
  exit 1
}

# Whom the clone belongs to, also owns what is made here.
owned() { chown "$(stat -c %u:%g deploy)" "$1"; }

declare -A handed=()

# take_handed: NAME=value, each with a NUL behind it.
take_handed() {
  local pair
  while IFS= read -r -d '' pair; do handed[${pair%%=*}]=${pair#*=}; done
}

# given NAME: what was handed over, or else what .env says.
given() { printf '%s' "${handed[$1]:-$(set_in_env "$1")}"; }

# kept NAME: what the file says.
kept() { cat "$(file_of "$1")" 2>/dev/null || true; }

# write_secret NAME VALUE: nobody else gets into the folder; the users of the containers, who see the file alone, read it.
write_secret() {
  local new
  new=$(mktemp secrets/.new-XXXXXX)
  printf '%s' "$2" >"$new"
  chmod 444 "$new"
  owned "$new"
  mv -fT "$new" "$(file_of "$1")"
}

# keep_secret NAME VALUE: write it where it is another; a file that is newer than a container has that made anew.
keep_secret() {
  [[ ! -d $(file_of "$1") ]] || rmdir "$(file_of "$1")" # Docker makes a folder where a container finds no file
  [[ $2 == "$(kept "$1")" ]] || write_secret "$1" "$2"
}

# check_secret NAME VALUE PLACE: refuse what can be guessed.
check_secret() {
  local least=16 kinds
  [[ $1 != SECRET_KEY ]] || least=50
  ((${#2} >= least)) || fail "$1 in $3 is shorter than $least characters"
  kinds=$(fold -w 1 <<<"$2" | sort -u | wc -l)
  ! grep -qiE "$PLACEHOLDER" <<<"$2" && ((kinds >= least / 5)) || fail "$1 in $3 is a placeholder"
}

# check_plain NAME VALUE: refuse what .env, JSON or a shell could mean otherwise than whoever wrote it.
check_plain() {
  [[ $2 != *[[:space:]\"\'\#\\]* ]] || fail "$1 in .env holds a blank, a quote, a # or a backslash"
}

# check_closed NAME: a secret that only lies in .env is as open as .env.
check_closed() {
  [[ -z $(set_in_env "$1") || -z $(find .env -perm /044) ]] ||
    fail "$1 is in .env, which others can read; chmod 600 .env"
}

# check_superuser VALUE: PostgreSQL takes that password once, when its volume is made.
check_superuser() {
  [[ -z $(kept POSTGRES_PASSWORD) || $1 == "$(kept POSTGRES_PASSWORD)" ]] ||
    fail "POSTGRES_PASSWORD in .env is another than in $(file_of POSTGRES_PASSWORD), which PostgreSQL has; take it out of .env"
}

# check_given NAME VALUE: what is to be written.
check_given() {
  check_closed "$1"
  check_plain "$1" "$2"
  [[ $1 == EMAIL_URL ]] || check_secret "$1" "$2" .env
  [[ $1 != POSTGRES_PASSWORD ]] || check_superuser "$2"
}

# check_all: before anything is written.
check_all() {
  local name missing=()
  for name in "${SECRETS[@]}" EMAIL_URL; do
    if [[ -n $(given "$name") ]]; then
      check_given "$name" "$(given "$name")"
    elif [[ $name == EMAIL_URL ]]; then
      continue
    elif [[ -n $(kept "$name") ]]; then
      check_secret "$name" "$(kept "$name")" "$(file_of "$name")"
    else
      missing+=("$name")
    fi
  done
  ((${#missing[@]} == 0)) || fail "no value in .env for: ${missing[*]}; fill them in, or let ./deploy.sh make them"
}

# As the exporter of Redis wants to read it: by the address, which newer releases know with its user.
passwords_of_exporter() {
  local password
  password=$(kept MONITOR_PASSWORD)
  printf '{"redis://redis:6379": "%s", "redis://monitor@redis:6379": "%s"}' "$password" "$password"
}

# With it connections to PostgreSQL are encrypted, and verified where DATABASE_SSLMODE=verify-full. It is its own authority.
make_database_certificate() {
  local made
  made=$(openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 3650 -subj /CN=db \
    -addext subjectAltName=DNS:db -keyout /dev/stdout -out /dev/stdout 2>/dev/null) ||
    fail 'the certificate of PostgreSQL could not be made'
  keep_secret POSTGRES_KEY "$(sed -n '/BEGIN PRIVATE KEY/,/END PRIVATE KEY/p' <<<"$made")"
  keep_secret POSTGRES_CERTIFICATE "$(sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' <<<"$made")"
  say 'made a certificate for PostgreSQL'
}

[[ ${1:-} != - ]] || take_handed
owned secrets
chmod 700 secrets
rm -f secrets/.new-* # of a run that was killed
check_all
for name in "${SECRETS[@]}" EMAIL_URL; do
  [[ -z $(given "$name") ]] || keep_secret "$name" "$(given "$name")"
done
[[ -n $(kept EMAIL_URL) ]] || keep_secret EMAIL_URL filemail:////app/mail
keep_secret REDIS_EXPORTER "$(passwords_of_exporter)"
[[ -n $(kept POSTGRES_KEY) && -n $(kept POSTGRES_CERTIFICATE) ]] || make_database_certificate
