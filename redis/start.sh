#!/bin/sh
# Makes the users of Redis from the secrets, then goes on as the image does.
set -eu
umask 077
hash_of() { printf %s "$(cat "/run/secrets/$1")" | sha256sum | cut -d ' ' -f 1; }
sh /etc/doable/users.sh "$(hash_of redis_password)" "$(hash_of monitor_password)" >/tmp/users.acl
exec docker-entrypoint.sh "$@"
