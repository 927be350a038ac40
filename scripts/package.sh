#!/usr/bin/env bash
# `npm run package [-- --arch amd64] [--out DIR]`: Debian packages and plain archives in packages/, in about four minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node
bash scripts/build-web.sh
exec node --disable-warning=ExperimentalWarning packaging/main.ts "$@"
