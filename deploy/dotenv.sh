# shellcheck shell=bash
# What ./deploy.sh and the service `secrets` both know: how .env is read, which secrets there are, and where each is kept.

readonly SECRETS=(SECRET_KEY POSTGRES_PASSWORD DATABASE_PASSWORD REDIS_PASSWORD MONITOR_PASSWORD)

# set_in_env NAME: the last value of a variable in .env, without its quotes and the comment behind it.
set_in_env() {
  sed -nE "s/^(export )?$1 *= *//p" .env | tail -n 1 |
    sed -E "s/\r\$//; s/^\"([^\"]*)\".*/\1/; s/^'([^']*)'.*/\1/; s/ +#.*//"
}

file_of() { printf 'secrets/%s' "$1" | tr '[:upper:]' '[:lower:]'; }
