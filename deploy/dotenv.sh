# shellcheck shell=bash
# What ./deploy.sh and the service `secrets` both know: how .env is read, which secrets there are, and where each is kept.

readonly SECRETS=(SECRET_KEY POSTGRES_PASSWORD DATABASE_PASSWORD REDIS_PASSWORD MONITOR_PASSWORD)

# assignment_of NAME: the pattern of what stands before a value in .env.
assignment_of() { printf '^[ \t]*(export[ \t]+)?%s[ \t]*=' "$1"; }

# set_in_env NAME: the last value of a variable in .env, without the quotes around all of it and the comment behind it.
set_in_env() {
  sed -nE "s/$(assignment_of "$1")[ \t]*//p" .env | tail -n 1 |
    sed -E "s/[ \t\r]+\$//; s/^\"([^\"\\\\]*)\"([ \t]+#.*)?\$/\1/; t; s/^'([^']*)'([ \t]+#.*)?\$/\1/; t; s/(^|[ \t]+)#.*//"
}

file_of() { printf 'secrets/%s' "$1" | tr '[:upper:]' '[:lower:]'; }
