#!/usr/bin/env bash
# `npm run build:web`: builds the web app (web/ → web/dist) and the manual (docs/ → web/dist/manual) when a source is newer than the result. Called by
# start.sh and test.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
PATH="$PWD/node_modules/.bin:$PATH"

# Two at once, e.g. a test beside `npm start`: the second waits and finds the work done.
mkdir -p node_modules/.cache
exec 9>node_modules/.cache/build-web.lock
flock 9

made=web/dist/index.html
if [ -e "$made" ] && [ -z "$(find web docs scripts/build-manual.ts package-lock.json -path 'web/dist*' -prune -o -type f -newer "$made" ! -name '*.test.ts' -print -quit)" ]; then
  echo "The web app is up to date"
  exit 0
fi
began=$SECONDS
# What is being served stays whole until the new one is. Its time is that of the beginning: a source that changes meanwhile is newer.
rm -rf web/dist.new
touch node_modules/.cache/build-web.began
# Under vitest NODE_ENV is `test`, and React would be the one for development.
# One line when it works, everything when it does not.
if ! told=$(NODE_ENV=production node node_modules/vite/bin/vite.js build web --outDir dist.new --logLevel warn 2>&1); then
  echo "$told" >&2
  exit 1
fi
node scripts/build-manual.ts web/dist.new/manual
touch -r node_modules/.cache/build-web.began web/dist.new/index.html
rm -rf web/dist.old
[ ! -e web/dist ] || mv web/dist web/dist.old
mv web/dist.new web/dist
rm -rf web/dist.old
echo "Built the web app in $((SECONDS - began)) s"
