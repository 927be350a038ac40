#!/usr/bin/env bash
# IPFire's country data for the tests, out of Debian's package tor-geoipdb into node_modules/.cache: that package depends on a Tor
# daemon, which nobody asked for, so it is downloaded and unpacked, not installed. Does nothing when it is there already.
#
# Exit codes: 0 it is there, 69 it could not be had (the message says why).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=node_modules/.cache/ringfence/tor-geoipdb
if [ -e /usr/share/tor/geoip6 ] || [ -e "$target/usr/share/tor/geoip6" ]; then exit 0; fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# apt downloads as a user of its own, who must be able to write here.
chmod 777 "$folder"
if ! (
  cd "$folder"
  apt-get download -q tor-geoipdb || { apt-get update -q && apt-get download -q tor-geoipdb; }
) >"$folder/log" 2>&1; then
  cat "$folder/log" >&2
  echo "fetch-tor-geoipdb: apt-get could not download tor-geoipdb, see above" >&2
  exit 69
fi
mkdir -p "$target"
dpkg-deb -x "$folder"/tor-geoipdb_*.deb "$target"
