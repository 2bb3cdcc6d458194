#!/bin/sh
# users.sh APPLICATION MONITOR: writes the users of Redis, given the SHA-256 of their passwords: one who may do what the
# application needs and neither flush nor configure, and one who only counts. Whoever has no password does not get in.
set -eu
cat <<END
user default reset
user doable reset on ${1:+#$1} ~* &* +@all -@admin -@dangerous +info
user monitor reset on ${2:+#$2} +ping +info +client|setname
END
