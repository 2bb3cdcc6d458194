#!/bin/sh
# The steps of `make check` in their order, with the environment of a running stack. A step that passes is one
# line; the first that fails ends the check with its output.
set -eu
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

step() {
    name=$1
    shift
    printf '%-14s ' "$name"
    if "$@" >"$output/step" 2>&1; then
        echo ok
    else
        echo FAILED
        cat "$output/step"
        exit 1
    fi
}

as_deployed() {
    PROFILE=tls PUBLIC_URL=https://doable.invalid python manage.py check --deploy --fail-level WARNING
}

# The stack has filled the templates and had nginx test them before it started.
edge() {
    # To gixy, every port with 443 in it means TLS, and this one was drawn by lot.
    sed -i 's/listen 127\.0\.0\.1:[0-9]*/listen 127.0.0.1:8000/' "$DOABLE_DATA"/nginx/conf.d/*.conf
    ! grep -E '\[(warn|error|alert|emerg)\]' "$DOABLE_DATA/logs/nginx-test.log" &&
        gixy "$DOABLE_DATA/nginx/nginx.conf"
}

step format ruff format --check
step lint ruff check
step types mypy
step architecture lint-imports
step migrations python manage.py makemigrations --check --dry-run
step deployment as_deployed
step schema python manage.py spectacular --validate --fail-on-warn --file "$output/schema.yml"
step edge edge
step image hadolint app/Dockerfile
step documents pytest -q tests/docs
