#!/usr/bin/env bash
# `npm run test:package`: what `npm run package` makes, and the Debian package on a fresh Debian with a real systemd, under attack; about ten minutes on
# two cores. Needs root, and once a Debian mirror (about 100 MB).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node

if [ "$(id -u)" -ne 0 ]; then
  echo "Installing a package in a machine of its own needs root: sudo npm run test:package" >&2
  exit 77
fi
bash scripts/install-system-packages.sh test package
bash scripts/build-web.sh
exec node --disable-warning=ExperimentalWarning node_modules/vitest/vitest.mjs run --config packaging/vitest.config.ts "$@"
