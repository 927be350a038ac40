/**
 * The document that `policySchema` makes of nothing, as plain data: so that the guard and the offline commands need not load the
 * schema's library (measured: 0.2 s of CPU at each start). A test holds the two equal; the schema is the place to change.
 */
import { CERTAIN_AGENTS, SUSPICIOUS_AGENTS } from './agents.ts';
import type { PolicyDocument } from './schema.ts';

export const defaultDocument: PolicyDocument = {
  mode: 'protect',
  ports: {
    sip: {
      udp: '5060',
      tcp: '5060',
    },
    tftp: '69',
    management: '22',
  },
  guests: [],
  block: {
    for: '1h',
    extend: true,
    permanentAfter: 3,
    remember: '90d',
  },
  limit: {
    invitesPerSecond: 5,
    for: '10m',
  },
  trust: {
    thresholdFactor: 3,
    remember: '30d',
    portsBeforeAddress: 3,
    portsWithin: '10m',
    unconfirmedFor: '60s',
    retriesPerMinute: 12,
    retriesPerHour: 240,
  },
  incident: {
    idle: '5m',
    evidenceMessages: 10,
    evidenceBytes: 16384,
  },
  detect: {
    'register-bruteforce': {
      enabled: true,
      action: 'block',
      threshold: 5,
      window: '60s',
      attemptsThreshold: 30,
    },
    'auth-bruteforce': {
      enabled: true,
      action: 'block',
      threshold: 5,
      window: '60s',
    },
    enumeration: {
      enabled: true,
      action: 'block',
      threshold: 10,
      window: '60s',
      abandonedThreshold: 20,
      followUp: '2s',
      pendingThreshold: 64,
    },
    'scanner-agent': {
      enabled: true,
      action: 'block',
      certain: [...CERTAIN_AGENTS],
      suspicious: [...SUSPICIOUS_AGENTS],
      suspicionWeight: 0.4,
      window: '10m',
    },
    'scanner-fingerprint': {
      enabled: true,
      action: 'block',
    },
    'invite-limit': {
      enabled: true,
      action: 'watch',
      simultaneous: 30,
      threshold: 60,
      window: '10s',
      overrides: [],
    },
    flood: {
      enabled: true,
      action: 'block',
      threshold: 500,
      window: '5s',
      addressThreshold: 2500,
    },
    malformed: {
      enabled: true,
      action: 'block',
      threshold: 20,
      window: '60s',
    },
    'tftp-bruteforce': {
      enabled: true,
      action: 'block',
      threshold: 10,
      window: '60s',
      namesThreshold: 30,
    },
    'toll-fraud': {
      enabled: true,
      action: 'block',
      threshold: 5,
      window: '1h',
      prefixThreshold: 3,
      followUp: '4s',
      international: '+, 00, 011, 0011, 810',
      dialOut: '0, 00, 000, 1, 8, 9, 90, 91, 99',
      premium: '0900, 0190, 1900',
      home: '',
    },
    'forged-request': {
      enabled: true,
      action: 'block',
      threshold: 10,
      window: '60s',
      foreignThreshold: 3,
      replayThreshold: 3,
    },
    'digest-leak': {
      enabled: true,
      action: 'block',
      threshold: 1,
      window: '1h',
    },
    injection: {
      enabled: true,
      action: 'block',
      threshold: 1,
      window: '60s',
    },
  },
  overrides: [],
  countries: {
    mode: 'off',
    list: [],
    unknown: 'pass',
    protocols: {
      sipUdp: true,
      sipTcp: true,
      tftp: true,
    },
    data: {
      provider: 'embedded',
      url: '',
      file: '',
      accountId: '',
      licenceKeyFile: '',
      every: '7d',
      shrinkMax: 0.2,
    },
  },
  feeds: [],
  notify: {
    consoleUrl: '',
    timeZone: '',
    events: {
      opened: true,
      escalated: true,
      ended: false,
    },
    everyAttack: false,
    wait: '10s',
    campaign: {
      sources: 10,
      window: '5m',
    },
    quiet: {
      from: '',
      to: '',
      campaigns: true,
    },
    report: {
      enabled: true,
      at: '07:00',
    },
    email: [],
    webhook: [],
    syslog: [],
    command: [],
  },
};
