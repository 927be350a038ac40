#!/usr/bin/env bash
# Installs the Debian packages that a task needs, only when one is missing; running it again changes nothing.
#
#   scripts/install-system-packages.sh run          what `npm start` needs
#   scripts/install-system-packages.sh test         what the kernel and lab tests need
#   scripts/install-system-packages.sh package      what `npm run test:package` needs
#   scripts/install-system-packages.sh test bench   several groups
#
# Exit codes: 0 everything is there, 64 unknown group, 69 the machine cannot be set up from here (the message says by hand how).
set -euo pipefail

packages_of() {
  case "$1" in
    run) echo nftables iproute2 ;;
    test)
      packages_of run
      # procps: kill, ps · systemd: systemd-analyze · kamailio: the PBX · sipvicious, sip-tester, nmap: the attackers · tftpd-hpa: the provisioning server · chromium: the console · exim4: a mail server
      echo procps systemd openssl curl chromium fonts-dejavu-core tcpdump tshark conntrack iptables ethtool kamailio sipvicious sip-tester tftpd-hpa tftp-hpa nmap exim4-daemon-light
      ;;
    bench)
      packages_of test
      echo sngrep fail2ban python3-pyinotify ipset
      ;;
    # debootstrap: a fresh Debian · lintian: Debian's rules of packages · qemu-user-static: programs of the other architecture · xz-utils: the plain archive
    package) echo debootstrap lintian qemu-user-static xz-utils ;;
    *)
      echo "install-system-packages: unknown group '$1', expected run, test, bench or package" >&2
      exit 64
      ;;
  esac
}

installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

[ $# -gt 0 ] || set -- run
wanted=()
for group in "$@"; do
  # A failing substitution must end the script, so it may not hide in the pipe of a `for`.
  list=$(packages_of "$group")
  for package in $list; do
    wanted+=("$package")
  done
done

if ! command -v dpkg-query >/dev/null; then
  echo "install-system-packages: this is not Debian or Ubuntu. Install the counterparts of these packages, then run the command again:" >&2
  printf '  %s\n' "${wanted[@]}" | sort -u >&2
  echo "  ('run' needs only the commands nft and ip)" >&2
  # With the commands themselves in place `run` can go on without any package manager.
  if [ "$*" = run ] && command -v nft >/dev/null && command -v ip >/dev/null; then exit 0; fi
  exit 69
fi

missing=()
for package in $(printf '%s\n' "${wanted[@]}" | sort -u); do
  installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "install-system-packages: these packages are missing and installing them needs root:" >&2
  echo "  sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 69
fi

# A PBX, a TFTP server, a mail server or fail2ban that starts by itself on the host would be a service that nobody asked for: while packages are
# being set up, policy-rc.d refuses every start (101: "forbidden by policy"). A file that was there before comes back afterwards.
guard=/usr/sbin/policy-rc.d
kept=
restore_guard() {
  if [ -n "$kept" ]; then
    mv -f "$kept" "$guard"
  else
    rm -f "$guard"
  fi
}
if [ -e "$guard" ]; then
  kept="$guard.ringfence-kept.$$"
  mv "$guard" "$kept"
fi
trap restore_guard EXIT
printf '#!/bin/sh\nexit 101\n' >"$guard"
chmod 755 "$guard"

export DEBIAN_FRONTEND=noninteractive
echo "Installing ${missing[*]}"
log=$(mktemp)
if ! {
  apt-get update -q &&
    apt-get install -q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "${missing[@]}"
} >"$log" 2>&1; then
  tail -n 25 "$log" >&2
  echo "install-system-packages: apt-get failed, see above (all of it: $log). Once it works by hand, run this again:" >&2
  echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 69
fi
rm -f "$log"

for package in "${missing[@]}"; do
  if ! installed "$package"; then
    echo "install-system-packages: apt-get said yes, but $package is not installed" >&2
    exit 69
  fi
done
