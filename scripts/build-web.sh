#!/usr/bin/env bash
# `npm run build:web`: builds the web app (web/ → web/dist) when a source is newer than the result. Called by start.sh and test.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/node_modules/.bin:$PATH"

made=web/dist/index.html
if [ -e "$made" ] && [ -z "$(find web package-lock.json -path web/dist -prune -o -type f -newer "$made" ! -name '*.test.ts' -print -quit)" ]; then
  echo "The web app is up to date"
  exit 0
fi
began=$SECONDS
# One line when it works, everything when it does not.
# Under vitest NODE_ENV is `test`, and React would be the one for development.
if ! told=$(NODE_ENV=production node node_modules/vite/bin/vite.js build web --logLevel warn 2>&1); then
  echo "$told" >&2
  exit 1
fi
echo "Built the web app in $((SECONDS - began)) s"
