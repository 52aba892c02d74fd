#!/usr/bin/env bash
# Builds for release and measures; arguments go to the benchmark, for example --only ledger --rounds 3.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh
echo "Building for release" >&2
swift build --configuration release >&2
exec .build/release/truvapay-benchmarks "$@"
