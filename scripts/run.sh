#!/usr/bin/env bash
# Builds TruvaPay and runs it with a private PostgreSQL, provider simulators and a sample order core.
# With --once it drives one payment of every kind through the whole path and ends.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh
swift build --configuration release --product truvapay >&2
exec .build/release/truvapay demonstrate "$@"
