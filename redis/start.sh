#!/bin/sh
# Makes the one user of Redis, who may do what the application needs and neither flush nor configure, from the secret;
# then goes on as the image does.
set -eu
umask 077
hash=$(printf %s "$(cat /run/secrets/redis_password)" | sha256sum | cut -d ' ' -f 1)
cat >/tmp/users.acl <<END
user default reset
user doable reset on #$hash ~* &* +@all -@admin -@dangerous +info
END
exec docker-entrypoint.sh "$@"
