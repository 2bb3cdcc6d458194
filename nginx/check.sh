#!/bin/sh
# The health check: asks the whole chain, under the name that people use, and by https where they have to.
# Has nginx read its files again where that is due: a certificate was renewed, or app1, whose address nginx looks up
# when it reads them, has another.
set -eu

host=${PUBLIC_URL#*://}
host=${host%%/*}
seen=/etc/nginx/conf.d/certificate.seen

ask() {
    if [ "$PROFILE" = tls ]; then
        wget -q -O /dev/null --no-check-certificate --header "Host: $host" "https://127.0.0.1/health/$1/"
    else
        wget -q -O /dev/null --header "Host: $host" "http://127.0.0.1/health/$1/"
    fi
}

# What is wrong with its files belongs into the log of the container.
reload() {
    sh /etc/nginx/reload.sh 2>/proc/1/fd/2
}

certificate=$(cat "$TLS_CERTIFICATE" "$TLS_KEY" 2>/dev/null | cksum)
if [ "$certificate" != "$(cat "$seen")" ]; then
    reload
fi
ask live || reload
ask ready
