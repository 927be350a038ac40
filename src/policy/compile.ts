/** The checked document as the engine and the ruleset want it: milliseconds, port ranges, address ranges. */
import type { Policy, PortRange, TollFraudPolicy } from '../core/base/policy.ts';
import { addressRange, compileOverrides } from './compile-overrides.ts';
import { parseDuration } from './duration.ts';
import { mergePorts, parsePorts } from './ports.ts';
import { parsePrefixes } from './prefix-text.ts';
import type { PolicyDocument } from './schema.ts';

/** Invariant: `document` came out of `parsePolicy` or `setAt`; a document that did not throws here and never reaches the engine. */
export function compilePolicy(document: PolicyDocument): Policy {
  const { ports, block, limit, trust, incident, detect } = document;
  const { enabled: budget, ...wayIn } = document.wayIn;
  const count = <C extends { window: string }>({ window, ...rest }: C) => ({ ...rest, windowMs: ms(window) });
  const { followUp, ...enumeration } = count(detect.enumeration);
  const overrides = compileOverrides(document);
  return {
    mode: document.mode,
    ports: {
      sipUdp: portRanges(ports.sip.udp),
      sipTcp: portRanges(ports.sip.tcp),
      tftp: portRanges(ports.tftp),
      management: portRanges(ports.management),
    },
    guests: document.guests.map(addressRange),
    block: {
      durationMs: ms(block.for),
      extend: block.extend,
      permanentAfter: block.permanentAfter,
      rememberMs: ms(block.remember),
    },
    wayIn: budget ? wayIn : null,
    widen: {
      bits4: prefixLength(document.widen.v4),
      bits6: prefixLength(document.widen.v6),
      networksPerHour: document.widen.networksPerHour,
    },
    limit: { invitesPerSecond: limit.invitesPerSecond, durationMs: ms(limit.for) },
    trust: {
      thresholdFactor: trust.thresholdFactor,
      rememberMs: ms(trust.remember),
      portsBeforeAddress: trust.portsBeforeAddress,
      portsWithinMs: ms(trust.portsWithin),
      unconfirmedMs: ms(trust.unconfirmedFor),
      retriesPerMinute: trust.retriesPerMinute,
      retriesPerHour: trust.retriesPerHour,
    },
    incident: {
      idleMs: ms(incident.idle),
      evidenceMessages: incident.evidenceMessages,
      evidenceBytes: incident.evidenceBytes,
    },
    detect: {
      'register-bruteforce': {
        ...count(detect['register-bruteforce']),
        attemptsThreshold: overrides.lowest('register-bruteforce.attemptsThreshold'),
      },
      'auth-bruteforce': count(detect['auth-bruteforce']),
      enumeration: {
        ...enumeration,
        pendingThreshold: overrides.lowest('enumeration.pendingThreshold'),
        followUpMs: ms(followUp),
      },
      'scanner-agent': count(detect['scanner-agent']),
      'scanner-fingerprint': { ...detect['scanner-fingerprint'] },
      'invite-limit': { ...count(detect['invite-limit']), overrides: overrides.ofInvites },
      flood: { ...count(detect.flood), lowestThreshold: lowestFlood(document, overrides.lowest('flood.threshold')) },
      malformed: count(detect.malformed),
      'tftp-bruteforce': count(detect['tftp-bruteforce']),
      'toll-fraud': tollFraud(detect['toll-fraud']),
      'forged-request': count(detect['forged-request']),
      'digest-leak': count(detect['digest-leak']),
      injection: count(detect.injection),
      'slow-bruteforce': { ...detect['slow-bruteforce'] },
      'distributed-bruteforce': { ...detect['distributed-bruteforce'] },
    },
    countries: { mode: document.countries.mode, protocols: { ...document.countries.protocols } },
    feeds: document.feeds.map(({ name, action }) => ({ name, action })),
    overrides: overrides.all,
  };
}

function tollFraud(fields: PolicyDocument['detect']['toll-fraud']): TollFraudPolicy {
  const { window, followUp, international, dialOut, premium, home, ...rest } = fields;
  return {
    ...rest,
    windowMs: ms(window),
    followUpMs: ms(followUp),
    international: parsePrefixes(international),
    dialOut: parsePrefixes(dialOut),
    premium: parsePrefixes(premium),
    home: parsePrefixes(home).map((code) => code.replace(/^\+/, '')),
  };
}

/** As the judge discounts thresholds of suspicious sources. */
function lowestFlood({ detect }: PolicyDocument, threshold: number): number {
  const { enabled, suspicionWeight } = detect['scanner-agent'];
  return enabled ? Math.max(Math.min(2, threshold), Math.ceil(threshold * (1 - suspicionWeight))) : threshold;
}

function prefixLength(text: string): number | null {
  return text === 'off' ? null : Number(text);
}

function ms(text: string): number {
  const parsed = parseDuration(text);
  if ('problem' in parsed) throw new TypeError(`unchecked policy document: ${parsed.problem}`);
  return parsed.ms;
}

function portRanges(text: string): PortRange[] {
  const parsed = parsePorts(text);
  if ('problem' in parsed) throw new TypeError(`unchecked policy document: ${parsed.problem}`);
  return mergePorts(parsed.ranges);
}
