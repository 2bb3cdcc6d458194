#!/bin/sh
# Has the running nginx of the container read its files again, where they are in order, and waits until it goes by them.
set -eu

# workers: those that take new connections; the others say that they are shutting down.
workers() {
    for title in /proc/[0-9]*/cmdline; do
        [ "$({ tr -d '\0' <"$title"; } 2>/dev/null)" != 'nginx: worker process' ] || echo "$title"
    done
}

sh /etc/nginx/start.sh nginx -p /var/cache/nginx -c /etc/nginx/nginx.conf -t -q
old=$(workers)
if [ -z "$old" ]; then # the signal would end it
    echo 'nginx is only beginning' >&2
    exit 1
fi
kill -HUP 1
for _ in $(seq 100); do
    workers | grep -qxF "$old" || exit 0
    sleep 0.1
done
echo 'nginx goes on as before; its log says why' >&2
exit 1
