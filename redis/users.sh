#!/bin/sh
# Writes the users of Redis, given the SHA-256 of their passwords in APPLICATION and MONITOR, which unlike arguments nobody
# else reads: one who may do what the application needs and neither flush nor configure, and one who only counts. Whoever
# has no password does not get in.
set -eu
cat <<END
user default reset
user doable reset on ${APPLICATION:+#$APPLICATION} ~* &* +@all -@admin -@dangerous +info
user monitor reset on ${MONITOR:+#$MONITOR} +ping +info +client|setname
END
