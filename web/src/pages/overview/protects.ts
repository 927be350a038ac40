/** What is protected, as a sentence. */
import type { Answer } from '../../api/client.ts';

type Protects = NonNullable<Answer<'/status'>['protects']>;

/** A machine may have very many addresses; the page Health has them all. */
const ADDRESSES_TOLD = 4;

/** Of no use to anybody who wants to know which host this is. */
const OWN_ONLY = /^(127\.|::1$|fe80:)/;

export function protectsText({ addresses: all, sipUdp, sipTcp, tftp }: Protects): string {
  const addresses = all.filter((address) => !OWN_ONLY.test(address));
  const same = sipUdp === sipTcp;
  const ports = [
    same && sipUdp !== '' && `SIP ${sipUdp}`,
    !same && sipUdp !== '' && `SIP over UDP ${sipUdp}`,
    !same && sipTcp !== '' && `SIP over TCP ${sipTcp}`,
    tftp !== '' && `TFTP ${tftp}`,
  ].filter((part) => part !== false);
  const more = addresses.length - ADDRESSES_TOLD;
  const where = [...addresses.slice(0, ADDRESSES_TOLD), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const what = ports.length === 0 ? 'No port is protected' : ports.join(', ');
  return where === '' ? `${what}.` : `${what} on ${where}.`;
}
