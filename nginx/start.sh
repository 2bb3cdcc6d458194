#!/bin/sh
# Fills the templates from the environment, then becomes the command. reload.sh calls it beside a running nginx, so
# that a new version of these files needs no new container.
set -eu
cd /etc/nginx

export PUBLIC_URL="${PUBLIC_URL%/}"
names=$(env | sed -n 's/^\([A-Z_]*\)=.*/${\1}/p') # nginx has variables of its own
fill() { # nginx may read while this writes, and shall see no half of a file
    cat >"conf.d/.new.$$"
    mv "conf.d/.new.$$" "conf.d/$1"
}

sh trusted_proxies.sh | fill trusted_proxies.conf
for template in templates/*.template; do
    envsubst "$names" <"$template" | fill "$(basename "$template" .template)"
done

# A process of nginx that ends keeps an idle connection for a moment, because its client may be about to ask. Before
# 1.27.4 nginx closes it at once, and the client has to ask again on another.
version=$(nginx -v 2>&1 | sed 's|.*/||')
if [ "$(printf '%s\n' 1.27.4 "$version" | sort -V | head -n 1)" = 1.27.4 ]; then
    echo 'keepalive_min_timeout 5s;' >conf.d/since_1.27.4.conf
fi

cat "$TLS_CERTIFICATE" "$TLS_KEY" 2>/dev/null | cksum >conf.d/certificate.seen # check.sh looks for another

exec "$@"
