#!/bin/sh
# PostgreSQL's restore_command: fetch_wal.sh WAL NAME PATH. 1 says that the archive has no such file, which behind the
# last one ends a recovery well. More than 125 breaks it off: a gap or a damaged segment is not the end.
set -eu
wal=$1 name=$2 path=$3

# goes_on: whether the archive has a later segment of the same timeline.
goes_on() {
  ls "$wal" | awk -v asked="$name.gz" '
    length($0) == 27 && substr($0, 1, 8) == substr(asked, 1, 8) && $0 > asked { later = 1 }
    END { exit !later }'
}

if [ -e "$wal/$name.gz" ]; then
  gzip -dc "$wal/$name.gz" >"$path" || {
    echo "recovery: the segment $name is damaged" >&2
    exit 255
  }
elif [ ${#name} = 24 ] && goes_on; then
  echo "recovery: the segment $name is missing, and later ones are there" >&2
  exit 255
else
  exit 1
fi
