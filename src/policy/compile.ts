/** The checked document as the engine and the ruleset want it: milliseconds, port ranges, address ranges. */
import { parseRange } from '../core/base/address.ts';
import type { AddressRange } from '../core/base/address.ts';
import type { Policy, PortRange } from '../core/base/policy.ts';
import { parseDuration } from './duration.ts';
import { mergePorts, parsePorts } from './ports.ts';
import type { PolicyDocument } from './schema.ts';

/** Invariant: `document` came out of `parsePolicy` or `setAt`; a document that did not throws here and never reaches the engine. */
export function compilePolicy(document: PolicyDocument): Policy {
  const { ports, block, limit, incident, detect } = document;
  const count = <C extends { window: string }>({ window, ...rest }: C) => ({ ...rest, windowMs: ms(window) });
  const { followUp, ...enumeration } = count(detect.enumeration);
  const invite = count(detect['invite-limit']);
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
    limit: { invitesPerSecond: limit.invitesPerSecond, durationMs: ms(limit.for) },
    incident: {
      idleMs: ms(incident.idle),
      evidenceMessages: incident.evidenceMessages,
      evidenceBytes: incident.evidenceBytes,
    },
    detect: {
      'register-bruteforce': count(detect['register-bruteforce']),
      'auth-bruteforce': count(detect['auth-bruteforce']),
      enumeration: { ...enumeration, followUpMs: ms(followUp) },
      'scanner-agent': count(detect['scanner-agent']),
      'scanner-fingerprint': { ...detect['scanner-fingerprint'] },
      'invite-limit': {
        ...invite,
        overrides: invite.overrides.map(({ source, ...limits }) => ({ range: addressRange(source), ...limits })),
      },
      flood: count(detect.flood),
      malformed: count(detect.malformed),
      'tftp-bruteforce': count(detect['tftp-bruteforce']),
    },
    countries: { mode: document.countries.mode, protocols: { ...document.countries.protocols } },
    feeds: document.feeds.map(({ name, action }) => ({ name, action })),
    overrides: document.overrides.map(({ source, set }) => ({ range: addressRange(source), set: { ...set } })),
  };
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

function addressRange(text: string): AddressRange {
  const range = parseRange(text);
  if (!range) throw new TypeError('unchecked policy document: no address');
  return range;
}
