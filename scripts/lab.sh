#!/usr/bin/env bash
# `npm run lab [scenario]`: a real attack, stopped, in network namespaces of its own. `npm run lab -- --list` names the scenarios.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node

if [ "$(id -u)" -ne 0 ]; then
  echo "The lab needs root to make network namespaces: sudo npm run lab" >&2
  exit 77
fi
bash scripts/install-system-packages.sh test
exec node --disable-warning=ExperimentalWarning lab/main.ts "$@"
