/** Calls at the victim's expense, calls of others, the victim's own password. */
import { inviteFlood } from '../traffic/attacks.ts';
import { callScan, digestLeak, overheard, tollFraud } from '../traffic/call-attacks.ts';
import { endpoint, type Traffic } from '../traffic/datagram.ts';
import { attack, ATTACKER } from './scene.ts';
import { blocks, tells, type Group } from './scenario.ts';

const ABROAD = '00972595551234';
const CALLS = 'toll-fraud.unauthenticated-calls';

/** The digest leak, with the calls taken back at another address than the one that called. */
function leakElsewhere(): Traffic {
  const there = endpoint('198.18.77.200', 5060);
  return digestLeak(attack(1, 1)).map((d) => {
    const text = Buffer.from(d.payload).toString('latin1');
    if (d.to.host === ATTACKER.host && text.startsWith('BYE')) return { ...d, to: there };
    return d.from.host === ATTACKER.host && text.startsWith('SIP/2.0 407') ? { ...d, from: there } : d;
  });
}

export const TOLL_FRAUD: Group = {
  title: 'Calls at your expense',
  kind: 'attack',
  scenarios: [
    {
      name: 'a number abroad, challenged, again and again',
      note: 'a PBX that lets a call out',
      traffic: () => tollFraud({ ...attack(12, 0.5, { challengeCalls: 401 }), numbers: [ABROAD] }),
      said: blocks(CALLS),
    },
    {
      name: 'numbers abroad, refused',
      note: 'a destination that is not barred',
      traffic: () =>
        tollFraud({ ...attack(12, 0.5, { callStatus: () => 403 }), numbers: ['+88213555000', '0088213555001'] }),
      said: blocks(CALLS),
    },
    {
      name: 'a number abroad every ten minutes',
      note: 'staying below what people set',
      traffic: () => tollFraud({ ...attack(8, 1 / 600, { callStatus: () => 404 }), numbers: [ABROAD] }),
      said: blocks(CALLS),
    },
    {
      name: 'one number, prefix after prefix',
      note: 'the prefix that dials out',
      traffic: () =>
        tollFraud({
          ...attack(12, 0.5, { challengeCalls: 401 }),
          numbers: [ABROAD, '900972595551234', '+972595551234', '011972595551234', '9011972595551234'],
        }),
      said: blocks('toll-fraud.prefix-walk'),
    },
    {
      name: 'premium numbers',
      note: 'money',
      traffic: () =>
        tollFraud({ ...attack(12, 0.5, { callStatus: () => 603 }), numbers: ['09001234567', '09007654321'] }),
      said: blocks(CALLS),
    },
    {
      name: 'a number abroad that calls itself',
      note: 'bots that fill in one number for both',
      traffic: () => tollFraud({ ...attack(6, 0.5, { callStatus: () => 484 }), numbers: [ABROAD], toItself: true }),
      said: blocks(CALLS),
    },
    {
      name: 'a number abroad, to a PBX that is silent',
      note: 'a PBX that lets a call out',
      traffic: () => tollFraud({ ...attack(12, 0.5, { down: true }), numbers: [ABROAD] }),
      said: blocks(CALLS),
    },
    {
      name: 'tech prefixes in front of one number abroad',
      note: 'the prefix that dials out',
      traffic: () =>
        tollFraud({
          ...attack(12, 0.5, { callStatus: () => 404 }),
          numbers: [`100%23${ABROAD}`, `200%23${ABROAD}`, `300%23${ABROAD}`],
        }),
      said: blocks('toll-fraud.prefix-walk'),
    },
    {
      name: 'one tech prefix in front of many numbers abroad',
      note: 'a carrier that lets it out',
      traffic: () =>
        tollFraud({
          ...attack(12, 0.5, { callStatus: () => 404 }),
          numbers: Array.from({ length: 12 }, (_, i) => `7777%23009725955512${String(i).padStart(2, '0')}`),
        }),
      said: blocks('toll-fraud.unauthenticated-calls'),
    },
    {
      name: 'one tech prefix in front of one number abroad, challenged',
      note: 'a carrier that lets it out',
      traffic: () => tollFraud({ ...attack(12, 0.5, { challengeCalls: 401 }), numbers: [`7777%23${ABROAD}`] }),
      said: blocks('toll-fraud.unauthenticated-calls'),
    },
    {
      name: 'a number abroad behind a letter',
      note: 'what looks at digits alone',
      traffic: () =>
        tollFraud({ ...attack(12, 0.5, { challengeCalls: 401 }), numbers: [`a${ABROAD}`, `b${ABROAD}`, `c${ABROAD}`] }),
      said: blocks('toll-fraud.unauthenticated-calls'),
    },
    {
      name: 'a hundred calls that ring and ring',
      note: 'lines that nobody else can use; only told, because call centres do it, too',
      traffic: () => inviteFlood(attack(100, 20, { callStatus: () => 180 })),
      said: tells('invite-limit.simultaneous'),
    },
  ],
};

export const CALLS_OF_OTHERS: Group = {
  title: 'Calls of others',
  kind: 'attack',
  scenarios: [
    {
      name: 'BYE with guessed Call-IDs',
      note: 'ending calls',
      traffic: () => callScan({ ...attack(80, 20, { dialogStatus: () => 481 }), method: 'BYE' }),
      said: blocks('forged-request.unknown-calls'),
    },
    {
      name: 'CANCEL with guessed Call-IDs',
      note: 'ending calls before they are answered',
      traffic: () => callScan({ ...attack(80, 20, { dialogStatus: () => 481 }), method: 'CANCEL' }),
      said: blocks('forged-request.unknown-calls'),
    },
    {
      name: 're-INVITE with guessed Call-IDs',
      note: 'redirecting sound',
      traffic: () => callScan({ ...attack(80, 20, { dialogStatus: () => 481 }), method: 'INVITE' }),
      said: blocks('forged-request.unknown-calls'),
    },
    {
      name: 'BYE for calls that were overheard',
      note: 'ending calls',
      traffic: () => overheard({ ...attack(5, 2), act: 'BYE' }),
      said: blocks('forged-request.foreign-calls'),
    },
    {
      name: 're-INVITE for calls that were overheard',
      note: 'redirecting sound',
      traffic: () => overheard({ ...attack(5, 2, { dialogStatus: () => 481 }), act: 'INVITE' }),
      said: blocks('forged-request.foreign-calls'),
    },
    {
      name: 'calls that were overheard, sent again with their credentials',
      note: "calls at somebody's expense",
      traffic: () => overheard({ ...attack(5, 2, { challengeCalls: 407 }), act: 'replay' }),
      said: blocks('forged-request.replayed-calls'),
    },
    {
      name: "a challenge to the PBX's BYE",
      note: 'a digest of its password',
      traffic: () => digestLeak(attack(1, 1)),
      said: blocks('digest-leak.challenges'),
    },
    {
      name: "a challenge to the PBX's BYE, from another address than the one that called",
      note: 'a digest of its password',
      traffic: leakElsewhere,
      said: blocks('digest-leak.challenges', '198.18.77.200'),
    },
    {
      name: "a challenge to the PBX's re-INVITE",
      note: 'a digest of its password',
      traffic: () => digestLeak({ ...attack(1, 1), method: 'INVITE', status: 401 }),
      said: blocks('digest-leak.challenges'),
    },
  ],
};
