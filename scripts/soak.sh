#!/usr/bin/env bash
# Builds for release and keeps a steady load of webhooks, ten minutes at 70 percent of the measured limit by default; --minutes N and
# --rate PERCENT change that. Ends with 0 only if there was no error, memory stayed flat and the p99 stable.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh
echo "Building for release" >&2
swift build --configuration release --product truvapay >&2
swift build --configuration release --product truvapay-benchmarks >&2
# What the build wrote shall be on the disk before commits are timed.
sync
exec .build/release/truvapay-benchmarks soak "$@"
