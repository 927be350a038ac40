#!/usr/bin/env bash
# Other firewalls from Debian (ufw, firewalld, Docker, fail2ban) for `npm run test:system`: installed into a layer above this machine's root
# file system, which stays as it is. Prints the layer's folder. Does nothing but that when it is there already.
#
# Exit codes: 0 it is there, 69 it could not be had (the message says why).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(ufw firewalld docker.io fail2ban)
# Another state of the machine's own packages needs another layer.
key=$({ printf '%s\n' "${packages[@]}"; cat /var/lib/dpkg/status; } | sha256sum | cut -c1-16)
folder=$PWD/node_modules/.cache/ringfence/neighbours
layer=$folder/$key
if [ -e "$layer/ready" ]; then
  echo "$layer"
  exit 0
fi

rm -rf "$folder"
mkdir -p "$layer/files" "$layer/work" "$layer/root"
log=$layer/log
# In a mount namespace of its own: whatever happens, nothing stays mounted. No service is started (policy-rc.d), here or anywhere.
if ! unshare --mount --propagation private bash -euo pipefail >"$log" 2>&1 <<TEXT
mount -t overlay overlay -o lowerdir=/,upperdir=$layer/files,workdir=$layer/work $layer/root
cd $layer/root
for shared in proc sys dev; do mount --rbind /\$shared \$shared; done
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
printf '#!/bin/sh\nexit 101\n' >usr/sbin/policy-rc.d
chmod 755 usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive
get() { chroot . apt-get install -q -y --no-install-recommends -o Dpkg::Use-Pty=0 ${packages[*]}; }
get || { chroot . apt-get update -q; get; }
chroot . apt-get clean
TEXT
then
  tail -n 25 "$log" >&2
  echo "install-neighbours: the packages could not be installed, see above (all of it: $log)" >&2
  exit 69
fi
rm -rf "$layer/root"
touch "$layer/ready"
echo "$layer"
