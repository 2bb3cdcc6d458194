# shellcheck shell=bash
# The secrets, each a file in secrets/: taken over from where earlier releases had them, else made.

readonly SECRETS=(SECRET_KEY POSTGRES_PASSWORD DATABASE_PASSWORD REDIS_PASSWORD MONITOR_PASSWORD)
readonly PLACEHOLDER='change|placeholder|example|insecure|password'

database_volume() {
  docker volume ls --quiet --filter label=com.docker.compose.volume=postgres_data \
    --filter "label=com.docker.compose.project=$(setting COMPOSE_PROJECT_NAME doable)"
}

make_secret() { od -A n -t x1 -N 32 /dev/urandom | tr -d ' \n'; }

file_of() { printf 'secrets/%s' "$1" | tr '[:upper:]' '[:lower:]'; }

# write_secret NAME VALUE: nobody else gets into the folder; the users of the containers, who see the file alone, read it.
write_secret() {
  printf '%s' "$2" >secrets/.new
  chmod 444 secrets/.new
  mv -f secrets/.new "$(file_of "$1")" # without a question, also where it can only be read
}

# keep_secret NAME VALUE: write it where it is another; a file that is newer than a container has that made anew.
keep_secret() {
  [[ $2 == "$(cat "$(file_of "$1")" 2>/dev/null)" ]] || write_secret "$1" "$2"
}

# take_over NAME: move a value from .env or the environment, where earlier releases had it, into its file.
take_over() {
  local value
  value=$(setting "$1" '')
  [[ -z $value ]] || keep_secret "$1" "$value"
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

# As the exporter of Redis wants to read it: by the address, which newer releases know with its user.
passwords_of_exporter() {
  local password
  password=$(<secrets/monitor_password)
  printf '{"redis://redis:6379": "%s", "redis://monitor@redis:6379": "%s"}' "$password" "$password"
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
  keep_secret REDIS_EXPORTER "$(passwords_of_exporter)"
  [[ -s secrets/postgres_key && -s secrets/postgres_certificate ]] || make_database_certificate
}

# With it connections to PostgreSQL are encrypted, and verified where DATABASE_SSLMODE=verify-full. It is its own authority.
make_database_certificate() {
  local made
  made=$(docker run --rm --network none --entrypoint openssl "$(setting POSTGRES_IMAGE postgres:15)" req -x509 -nodes \
    -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 3650 -subj /CN=db -addext subjectAltName=DNS:db \
    -keyout /dev/stdout -out /dev/stdout 2>/dev/null) || fail 'the certificate of PostgreSQL could not be made'
  write_secret POSTGRES_KEY "$(sed -n '/BEGIN PRIVATE KEY/,/END PRIVATE KEY/p' <<<"$made")"
  write_secret POSTGRES_CERTIFICATE "$(sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p' <<<"$made")"
  say 'made a certificate for PostgreSQL'
}
