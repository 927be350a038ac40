#!/usr/bin/env bash
# Makes docs/screenshots/*.png anew, in about two minutes: the console of a real daemon in the lab, under real attacks. Needs root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node

if [ "$(id -u)" -ne 0 ]; then
  echo "The lab needs root to make network namespaces: sudo bash scripts/screenshots.sh" >&2
  exit 77
fi
bash scripts/install-system-packages.sh test
bash scripts/build-web.sh
exec node --disable-warning=ExperimentalWarning scripts/screenshots.ts "$@"
