#!/bin/sh
# Has the running nginx of the container read its files again, where they are in order, and waits a moment, until
# it goes by them.
set -eu

# workers: those that take new connections; the others say that they are shutting down.
workers() {
    for title in /proc/[0-9]*/cmdline; do
        [ "$({ tr -d '\0' <"$title"; } 2>/dev/null)" != 'nginx: worker process' ] || echo "$title"
    done
}

sh /etc/nginx/start.sh nginx -p /var/cache/nginx -c /etc/nginx/nginx.conf -t -q
old=$(workers)
kill -HUP 1
for _ in $(seq 40); do
    workers | grep -qxF "$old" || break
    sleep 0.1
done
