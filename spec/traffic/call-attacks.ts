/** Attacks on calls: at somebody's expense, on calls of others, and on the password of the called side. */
import { atPort, inbound, merge, neighbour, outbound, START, type Traffic } from './datagram.ts';
import { Attacker, type AttackOptions } from './attacks.ts';
import { Phone } from './phone.ts';
import { transact } from './registrar.ts';
import { PBXS, PHONES, TOOLS } from './shapes.ts';
import { requestText, responseText, sdp, type SipRequest } from './sip-text.ts';

/** INVITEs without credentials, to one number after the other; what is challenged is never followed up. */
export function tollFraud(o: AttackOptions & { numbers: readonly string[]; toItself?: boolean }): Traffic {
  const bot = new Attacker(o, TOOLS.nameless);
  for (let i = 0; !bot.done; i++) {
    const number = o.numbers[i % o.numbers.length];
    const fromUser = o.toItself ? number : '100';
    bot.send(bot.request('INVITE', number, { fromUser, body: sdp(o.source.host, 17_000) }));
  }
  return bot.sorted();
}

/** BYE, CANCEL or re-INVITE for calls that nobody has: Call-IDs and tags are guesses. */
export function callScan(o: AttackOptions & { method: 'BYE' | 'CANCEL' | 'INVITE' }): Traffic {
  const bot = new Attacker(o, TOOLS.nameless);
  while (!bot.done) {
    const toTag = o.method === 'CANCEL' ? undefined : bot.random.hex(8);
    bot.send(bot.request(o.method, '1001', { fromUser: '1002', toTag }));
  }
  return bot.sorted();
}

/**
 * Calls of `count` phones, each in a network of its own from `198.51.100.20` on, and an attacker who overheard them and hangs them up
 * (or sends their INVITEs again, credentials and all).
 */
export function overheard(o: AttackOptions & { act: 'BYE' | 'INVITE' | 'replay' }): Traffic {
  const { pbx, source, count, at = START, rate } = o;
  const traffic: Traffic = [];
  const shape = PHONES.yealink;
  const base = { host: '198.51.20.20', address: { w0: 0, w1: 0, w2: 0xffff, w3: 0xc6331414 }, port: 5060 };
  for (let i = 0; i < count; i++) {
    const endpoint = neighbour(base, i * 256);
    const phone = new Phone(traffic, pbx, { endpoint, user: String(1000 + i), shape, seed: 900 + i });
    const challenge = pbx.options.challengeCalls === 0 ? undefined : `${at.toString(16).padStart(12, '0')}${i}`;
    const credentials =
      challenge === undefined
        ? undefined
        : { ...phone.credentials(challenge, pbx.options.challengeCalls === 407), count: 1 };
    const invite = phone.request('INVITE', '2002', { body: sdp(endpoint.host, 20_000), credentials });
    const { toTag } = transact(traffic, pbx, invite, shape, at + i * 10);
    const when = at + 10_000 + (i * 1_000) / rate;
    if (o.act === 'replay') {
      transact(traffic, pbx, invite, shape, when, source);
    } else {
      const forged: SipRequest = {
        ...invite,
        method: o.act,
        toTag,
        cseq: 102,
        branch: `z9hG4bKforged${i}`,
        from: source,
      };
      transact(traffic, pbx, { ...forged, credentials: undefined }, shape, when, source);
    }
  }
  return merge(traffic);
}

/** Calls, waits until the called side hangs up, and challenges its BYE (or what else it sends within the call). */
export function digestLeak(o: AttackOptions & { method?: 'BYE' | 'INVITE' | 'UPDATE'; status?: 401 | 407 }): Traffic {
  const { at = START, pbx, source, count, rate, method = 'BYE', status = 407 } = o;
  const traffic: Traffic = [];
  const bot = new Attacker(o, TOOLS.nameless);
  for (let i = 0; i < count; i++) {
    const from = o.ports === 'each' ? atPort(source, source.port + i) : source;
    const invite = bot.request('INVITE', '2002', { fromUser: '00441632960000', body: sdp(source.host, 17_000), from });
    const when = at + (i * 1_000) / rate;
    const { toTag } = transact(traffic, pbx, invite, bot.shape, when, from);
    traffic.push(
      inbound(when + 3_520, from, pbx.endpoint, requestText({ ...invite, method: 'ACK', toTag }, bot.shape)),
    );
    const asked: SipRequest = {
      ...{ method, uri: `sip:100@${source.host}:${from.port}`, from: pbx.endpoint, domain: invite.domain },
      ...{ fromUser: invite.toUser, toUser: invite.fromUser, fromTag: toTag, toTag: invite.fromTag },
      ...{ branch: `z9hG4bKours${i}${bot.random.hex(8)}`, callId: invite.callId, cseq: 1 },
    };
    const challenge = { realm: 'asterisk', nonce: bot.random.hex(16), stale: false };
    const answer = responseText(asked, PBXS.asterisk, pbx.endpoint, { status, challenge });
    traffic.push(outbound(when + 9_000, pbx.endpoint, from, requestText(asked, PBXS.asterisk)));
    traffic.push(inbound(when + 9_040, from, pbx.endpoint, answer));
  }
  return merge(traffic);
}

export const INJECTED_FIELDS = ['to', 'from', 'agent', 'subject', 'call-id', 'asserted', 'asserted-user'] as const;
export type InjectedField = (typeof INJECTED_FIELDS)[number];

const OVER: Partial<Record<InjectedField, (text: string) => Partial<SipRequest>>> = {
  from: (fromUser) => ({ fromUser }),
  subject: (text) => ({ headers: { Subject: text } }),
  'call-id': (callId) => ({ callId }),
  asserted: (name) => ({ headers: { 'P-Asserted-Identity': `"${name}" <sip:100@192.0.2.10>` } }),
  'asserted-user': (user) => ({ headers: { 'P-Asserted-Identity': `<sip:${user}@192.0.2.10>` } }),
};

/** One request with a fragment where a user is named. `%` in `user` is an escape, as in any URI. */
export function injection(o: AttackOptions & { user: string; method?: string; field?: InjectedField }): Traffic {
  const { field = 'to', user, method = 'INVITE' } = o;
  const shape = o.shape ?? TOOLS.nameless;
  const bot = new Attacker({ ...o, shape: field === 'agent' ? { ...shape, userAgent: user } : shape }, shape);
  while (!bot.done) {
    bot.send(bot.request(method, field === 'to' ? user : '1001', OVER[field]?.(user)));
  }
  return bot.sorted();
}
