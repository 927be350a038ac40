#!/usr/bin/env bash
# `npm test`: set-up, type check, lint, then every test: unit, specs, real kernel, lab. Arguments go to vitest, e.g.
#
#   npm test -- --project unit src/core/decode      one project, some files
#   RINGFENCE_UNIT_ONLY=1 npm test                  what can be tested without root
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node

projects=()
if [ -n "${RINGFENCE_UNIT_ONLY:-}" ]; then
  echo "RINGFENCE_UNIT_ONLY is set: the kernel and lab tests do NOT run, so this is not the whole test suite." >&2
  projects=(--project unit)
elif [ "$(id -u)" -ne 0 ]; then
  cat >&2 <<'TEXT'
The kernel and lab tests need root: they make network namespaces with a real nftables table, a real PBX and real attack tools.
They never touch this host's own firewall. Run

    sudo npm test

or, for the tests that need no root only, RINGFENCE_UNIT_ONLY=1 npm test
TEXT
  exit 77
else
  bash scripts/install-system-packages.sh test
  bash scripts/fetch-tor-geoipdb.sh
fi

bash scripts/build-web.sh

# Asking for certain files or projects means asking for speed: only a run of everything checks types and style as well.
if [ $# -eq 0 ]; then
  echo "Checking types"
  npm run --silent typecheck
  echo "Checking style"
  npm run --silent lint
fi
exec node --disable-warning=ExperimentalWarning node_modules/vitest/vitest.mjs run "${projects[@]}" "$@"
