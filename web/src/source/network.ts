/** The networks that an attacker is likely to move around in: its /24, in IPv6 its /64 (one customer, RFC 6177). */

/** `203.0.113.66` → `203.0.113.0/24`; `2001:db8:1::66` → `2001:db8:1:0::/64`. Null: not an address. The daemon writes it canonically. */
export function networkOf(address: string): string | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/.exec(address);
  if (v4) return `${v4[1]}.${v4[2]}.${v4[3]}.0/24`;
  if (!/^[0-9a-f:]+$/i.test(address) || !address.includes(':')) return null;
  const [head, tail] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array.from({ length: Math.max(zeros, 0) }, () => '0'), ...last];
  return groups.length === 8 ? `${groups.slice(0, 4).join(':')}::/64` : null;
}
