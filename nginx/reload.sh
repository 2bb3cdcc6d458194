#!/bin/sh
# Has the running nginx of the container read its files again, where they are in order.
set -eu

sh /etc/nginx/start.sh nginx -p /var/cache/nginx -c /etc/nginx/nginx.conf -t -q
kill -HUP 1
