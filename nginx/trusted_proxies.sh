#!/bin/sh
# Prints what nginx has to know about TRUSTED_PROXIES, which it can read from directives alone, one for each.
set -euf

for proxy in ${TRUSTED_PROXIES:-}; do
    case $proxy in
    */0 | *[!0-9A-Fa-f.:/]*)
        echo "doable: TRUSTED_PROXIES has $proxy, which is no address and no network of known machines" >&2
        exit 1
        ;;
    esac
    echo "set_real_ip_from $proxy;"
done

echo 'geo $realip_remote_addr $is_trusted_proxy {'
echo '    default 0;'
for proxy in ${TRUSTED_PROXIES:-}; do
    echo "    $proxy 1;"
done
echo '}'
