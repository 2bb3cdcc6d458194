#!/bin/sh
# Fills the templates from the environment, then becomes the command. Beside a running nginx the command is
# `nginx -s reload`, so that a new version of these files needs no new container.
set -eu
cd /etc/nginx

export PUBLIC_URL="${PUBLIC_URL%/}"
names=$(env | sed -n 's/^\([A-Z_]*\)=.*/${\1}/p') # nginx has variables of its own
sh trusted_proxies.sh >conf.d/trusted_proxies.conf
for template in templates/*.template; do
    envsubst "$names" <"$template" >"conf.d/$(basename "$template" .template)"
done
cat "$TLS_CERTIFICATE" "$TLS_KEY" 2>/dev/null | cksum >conf.d/certificate.seen # check.sh looks for another

exec "$@"
