#!/usr/bin/env bash
# Installs the Debian packages that building, running and testing need, and nothing when all are there.
set -euo pipefail

packages=(
    libcurl4-openssl-dev libssl-dev libpq-dev libqrencode-dev libpng-dev
    postgresql python3-venv zbar-tools hledger faketime pkg-config curl
)

if ! command -v swift >/dev/null; then
    echo "Swift 6.2 or later is needed, see https://www.swift.org/install/linux/" >&2
    exit 1
fi
if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian: make sure that the equivalents of these packages are installed: ${packages[*]}" >&2
    exit 0
fi

# One query for all, for this runs before every start.
installed=$(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
    grep --quiet --line-regexp --fixed-strings "$package installed" <<<"$installed" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Run as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

# Debian would create and start a database server of its own; ours is private to the process that needs it.
cluster_policy=/etc/postgresql-common/createcluster.conf
if [ ! -e "$cluster_policy" ]; then
    echo "Telling Debian not to create a database cluster ($cluster_policy)" >&2
    "${as_root[@]}" mkdir -p "$(dirname "$cluster_policy")"
    echo "create_main_cluster = false" | "${as_root[@]}" tee "$cluster_policy" >/dev/null
fi

echo "Installing ${missing[*]}" >&2
apt_get=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get --quiet=2 --option Dpkg::Use-Pty=0)
"${apt_get[@]}" update >&2
"${apt_get[@]}" install --yes --no-install-recommends --option Dpkg::Options::=--force-confold "${missing[@]}" >&2
