#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test; arguments go to `swift test`, for example --filter LedgerTests.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh

# The copy of the requirements tells whether the environment is complete and up to date.
if ! cmp --silent scripts/requirements.txt .venv/requirements.txt; then
    echo "Installing Python packages into .venv" >&2
    python3 -m venv --clear .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement scripts/requirements.txt >&2
    cp scripts/requirements.txt .venv/requirements.txt
fi

if [ $# -eq 0 ]; then
    swift build --build-tests
fi
# There are no XCTest tests; leaving its runner out makes the summary the last line.
exec swift test --disable-xctest "$@"
