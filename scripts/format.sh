#!/usr/bin/env bash
# Formats all Swift files in place.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format --in-place --recursive --parallel Package.swift Sources Tests
