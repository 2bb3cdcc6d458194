#!/bin/sh
# Makes the users of Redis from the secrets, then goes on as the image does.
set -eu
umask 077

# hash_of SECRET: refuse what is no password, such as the folder that Docker makes where a file is missing.
hash_of() {
  password=$(cat "/run/secrets/$1" 2>/dev/null) && [ -n "$password" ] || {
    echo "redis: secrets/$1 holds no password; the service secrets makes it, docs/operations.md" >&2
    exit 1
  }
  printf %s "$password" | sha256sum | cut -d ' ' -f 1
}

APPLICATION=$(hash_of redis_password)
MONITOR=$(hash_of monitor_password)
export APPLICATION MONITOR
sh /etc/doable/users.sh >/tmp/users.acl
unset APPLICATION MONITOR
exec docker-entrypoint.sh "$@"
