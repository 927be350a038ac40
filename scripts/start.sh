#!/usr/bin/env bash
# `npm start`: sets everything up on a fresh machine and protects this host until Ctrl-C. Arguments go to `ringfence run`.
#
# Exit codes: those of `ringfence run`; 69 the machine could not be set up; 77 root is needed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/set-up.sh

set_up_node

if [ "$(id -u)" -ne 0 ]; then
  cat >&2 <<'TEXT'

Ringfence needs root to protect this host: it reads SIP packets from the kernel and drops attackers in its own
nftables table (CAP_NET_ADMIN). Start it with

    sudo npm start

Without root you can already see what it would have detected and blocked in a capture (pcap or pcapng):

    bin/ringfence replay FILE

TEXT
  exit 77
fi

bash scripts/install-system-packages.sh run
# Protection does not wait for the console: without its pages the API still answers.
bash scripts/build-web.sh || echo "The pages of the console could not be built; everything else goes on. Again: npm run build:web" >&2
exec bin/ringfence run --data "${RINGFENCE_DATA:-/var/lib/ringfence}" "$@"
