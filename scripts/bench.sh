#!/usr/bin/env bash
# `npm run bench [name …] [--json]`: what Ringfence promises in figures, measured here beside what people use today. All of it takes
# about sixteen minutes; names (replay, idle, memory, live, lists, console, reaction) run only those. docs/performance.md explains the method.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

# With --json only the figures belong on the standard output.
set_up_node >&2

if [ "$(id -u)" -ne 0 ]; then
  echo "The benchmarks need root to make network namespaces: sudo npm run bench" >&2
  exit 77
fi
bash scripts/install-system-packages.sh bench >&2
exec node --disable-warning=ExperimentalWarning bench/main.ts "$@"
