#!/usr/bin/env bash
# `npm run soak [-- MINUTES | --short]`: an hour of attacks and calls; does what Ringfence takes grow? docs/performance.md explains the method.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node

if [ "$(id -u)" -ne 0 ]; then
  echo "The soak needs root to make network namespaces: sudo npm run soak" >&2
  exit 77
fi
bash scripts/install-system-packages.sh test
exec node --disable-warning=ExperimentalWarning lab/soak/main.ts "$@"
