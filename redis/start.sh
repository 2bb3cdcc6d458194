#!/bin/sh
# Makes the users of Redis from the secrets, then goes on as the image does: one who may do what the application needs and
# neither flush nor configure, and one who only counts.
set -eu
umask 077
hash_of() { printf %s "$(cat "/run/secrets/$1")" | sha256sum | cut -d ' ' -f 1; }
cat >/tmp/users.acl <<END
user default reset
user doable reset on #$(hash_of redis_password) ~* &* +@all -@admin -@dangerous +info
user monitor reset on #$(hash_of monitor_password) +ping +info +client|setname
END
exec docker-entrypoint.sh "$@"
