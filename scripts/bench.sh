#!/usr/bin/env bash
# Builds for release and measures; arguments go to the benchmark, for example --only ledger --pgledger ~/pgledger. See docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh
# pgbench comes with the server; express and pg for Node are only needed beside us and may be missing.
modules=.build/benchmarks/node
if command -v node >/dev/null && [ ! -e "$modules/usr/share/nodejs/pg" ]; then
    echo "Fetching express and pg for Node into $modules" >&2
    scripts/benchmarks/fetch-node-modules.sh "$modules" || echo "They could not be fetched: the handler in Node is left out" >&2
fi
echo "Building for release" >&2
swift build --configuration release --product truvapay >&2
swift build --configuration release --product truvapay-benchmarks >&2
# What the build wrote shall be on the disk before commits are timed.
sync
exec .build/release/truvapay-benchmarks --node-modules "$modules" "$@"
