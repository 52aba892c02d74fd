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

# The tests take seven minutes on two cores. Tests that wait for ever say nothing, so after this time they are ended and named.
limit_seconds=${TEST_LIMIT_SECONDS:-2700}
output=$(mktemp)
tests=
trap '[ -z "$tests" ] || kill -KILL -- "-$tests" 2>/dev/null || true; rm -f "$output"' EXIT
trap 'exit 130' INT TERM
# There are no XCTest tests; leaving its runner out makes the summary the last line.
# Some tests start several programs and a database; with hundreds of tests at once on a small machine they would only measure each other.
# A file and not a pipe: a program that a test leaves behind would keep a pipe open.
setsid swift test --disable-xctest --experimental-maximum-parallelization-width 6 "$@" >"$output" 2>&1 &
tests=$!
tail --lines +1 --follow --pid "$tests" "$output" &
SECONDS=0
while kill -0 "$tests" 2>/dev/null && [ "$SECONDS" -lt "$limit_seconds" ]; do sleep 1; done
status=0
if kill -0 "$tests" 2>/dev/null; then
    printf '\nThe tests did not end within %s s. ' "$limit_seconds"
    scripts/unfinished-tests.sh "$output" || true
    kill -KILL -- "-$tests"
    status=1
fi
wait "$tests" || status=$?
tests=
wait
if [ "$status" -ne 0 ]; then
    # Thousands of lines stand between a failure and the end, so what failed is said once more, and the summary stays last.
    printf '\nWhat failed:\n'
    grep --after-context 8 -E '^✘ .* recorded an issue|: error: |^Fatal error|^\*\*\* ' "$output" | grep -v -E '^[◇✔]' || true
    tail -n 1 "$output"
fi
exit "$status"
