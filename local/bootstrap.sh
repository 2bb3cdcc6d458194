#!/bin/sh
# Makes .venv from uv.lock on a machine that may have nothing but a Python: finds one that is new enough, finds
# uv or puts it into .tools/, and installs the locked packages; `--group NAME` adds those of an optional group.
set -eu
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
MINIMUM='import sys, sysconfig; sys.exit(sys.version_info < (3, 11))'

fail() {
    echo "doable: $1" >&2
    exit 1
}

# A candidate has to run: the shims of version managers exist for versions that don't.
find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 /opt/*/bin/python3; do
        if "$candidate" -c "$MINIMUM" 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    fail "no Python 3.11 or newer was found; install python3 or name one, for example PYTHON=/opt/python/bin/python3"
}

# Debian's Python may come without venv or without pip, so the one that works is taken.
install_uv() {
    echo "Installing uv $UV_VERSION into .tools/ ..." >&2
    "$1" -m venv .tools 2>/dev/null >&2 && .tools/bin/pip install --quiet "uv==$UV_VERSION" && return
    rm -rf .tools
    "$1" -m pip install --quiet --target .tools "uv==$UV_VERSION" ||
        fail "uv could not be installed; install it yourself (https://docs.astral.sh/uv) or install python3-venv"
}

find_uv() {
    PATH="$PWD/.tools/bin:$PATH"
    command -v uv >/dev/null || install_uv "$1"
    command -v uv
}

python=$(find_python)
uv=$(find_uv "$python")
echo "Installing the packages of uv.lock into .venv with $("$python" --version) ..." >&2
# The servers' user may not be allowed to write beside the packages, so they are compiled now.
UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy "$uv" sync --locked --quiet --compile-bytecode --python "$python" "$@"
touch .venv/synced
