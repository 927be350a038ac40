import { expect, test } from 'vitest';
import { protectsText } from './protects.ts';

const one = ['198.51.100.10'];
test.each([
  [{ addresses: one, sipUdp: '5060', sipTcp: '5060', tftp: '69' }, 'SIP 5060, TFTP 69 on 198.51.100.10.'],
  [
    { addresses: ['127.0.0.1', '::1', 'fe80::1', ...one], sipUdp: '5060', sipTcp: '5060', tftp: '' },
    'SIP 5060 on 198.51.100.10.',
  ],
  [{ addresses: one, sipUdp: '5060,5070-5080', sipTcp: '', tftp: '' }, 'SIP over UDP 5060,5070-5080 on 198.51.100.10.'],
  [{ addresses: [], sipUdp: '', sipTcp: '', tftp: '' }, 'No port is protected.'],
  [
    { addresses: ['a', 'b', 'c', 'd', 'e', 'f'], sipUdp: '5060', sipTcp: '5061', tftp: '' },
    'SIP over UDP 5060, SIP over TCP 5061 on a, b, c, d, 2 more.',
  ],
])('%j', (protects, text) => expect(protectsText(protects)).toBe(text));
