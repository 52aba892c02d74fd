#!/usr/bin/env bash
# Unpacks Debian's express and pg for Node into a folder, without installing anything: they would replace a newer node.
set -euo pipefail
folder=${1:?where to unpack to}
mkdir --parents "$folder/packages"
folder=$(cd "$folder" && pwd)
cd "$folder/packages"
mapfile -t packages < <(
    apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances node-express node-pg |
        grep --extended-regexp '^node-' | grep --invert-match --line-regexp node-libpq | sort --unique
)
apt-get --quiet=2 --option APT::Sandbox::User=root download "${packages[@]}"
for package in *.deb; do dpkg --extract "$package" "$folder"; done
rm --recursive "$folder/packages"
