/**
 * The little language of the specs: one line for each sample, `TIME NAME from ADDRESS[:PORT] key=value …`. Every name is a builder
 * of spec/traffic, every key one of its parameters; README.md lists them. What is not known is an error that names the line.
 */
import {
  authCracker,
  flood,
  inviteFlood,
  malformedFlood,
  svcrack,
  svmap,
  svwar,
  type AttackOptions,
} from '../traffic/attacks.ts';
import { callScan, digestLeak, injection, INJECTED_FIELDS, overheard, tollFraud } from '../traffic/call-attacks.ts';
import { endpoint, merge, oneWay, shift, START, type Traffic } from '../traffic/datagram.ts';
import { GOOD_CASES, PBX, TFTP } from '../traffic/good-cases.ts';
import { forged, registeredPhones, stuckPhone, trunk } from '../traffic/known.ts';
import { neighbours, oneLine, patientGuesser, scattered } from '../traffic/patient.ts';
import { Registrar, type RegistrarOptions } from '../traffic/registrar.ts';
import { PHONES, TOOLS } from '../traffic/shapes.ts';
import type { Shape } from '../traffic/sip-text.ts';
import { tftpAsk, tftpWalk } from '../traffic/tftp.ts';

const SHAPES: Readonly<Record<string, Shape>> = { ...TOOLS, ...PHONES };

/** Words of one line, taken by name; `done` complains about what nobody took. */
class Words {
  readonly #values: Map<string, string>;
  readonly #line: string;

  constructor(line: string, pairs: string[]) {
    this.#line = line;
    this.#values = new Map(
      pairs.map((pair) => {
        const match = /^([a-z-]+)=(.+)$/.exec(pair);
        if (!match) throw new Error(`"${line}": expected key=value, found "${pair}"`);
        return [match[1], match[2]];
      }),
    );
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    this.#values.delete(name);
    return value;
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    if (text !== undefined && Number.isNaN(Number(text)))
      throw new Error(`"${this.#line}": ${name} wants a number, found "${text}"`);
    return text === undefined ? undefined : Number(text);
  }

  one<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (!found) throw new Error(`"${this.#line}": ${name} is one of ${choices.join(', ')}, found "${text}"`);
    return found;
  }

  done(): void {
    const left = [...this.#values.keys()];
    if (left.length > 0) throw new Error(`"${this.#line}": unknown ${left.join(', ')}`);
  }
}

/** `10s`, `1.5s`, `2m`, `1h` after the start. */
function duration(text: string): number {
  const match = /^([0-9.]+)(ms|s|m|h|d)$/.exec(text);
  if (!match) throw new Error(`expected a time like 10s, found "${text}"`);
  return Number(match[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 's'];
}

function pbxOf(w: Words): Registrar {
  const options: RegistrarOptions = { endpoint: PBX };
  const status = (name: string) => w.number(name);
  const unknown = status('unknown-user');
  if (unknown !== undefined) options.unknownUser = unknown as 401;
  const wrong = status('wrong-password');
  if (wrong !== undefined) options.wrongPassword = wrong as 401;
  const challenge = status('challenge-calls');
  if (challenge !== undefined) options.challengeCalls = challenge as 401;
  const call = status('call');
  if (call !== undefined) options.callStatus = () => call;
  const probe = status('options');
  if (probe !== undefined) options.optionsStatus = () => probe;
  const dialog = status('dialog');
  if (dialog !== undefined) options.dialogStatus = () => dialog;
  options.down = w.one('pbx', ['up', 'down']) === 'down';
  return new Registrar(options);
}

const METHODS = ['REGISTER', 'INVITE', 'OPTIONS'] as const;
const CREDENTIAL_METHODS = ['INVITE', 'SUBSCRIBE', 'MESSAGE'] as const;

type Builder = (o: AttackOptions, w: Words) => Traffic;

const BUILDERS: Readonly<Record<string, Builder>> = {
  'guess-register-passwords': (o, w) => svcrack({ ...o, user: w.text('user') ?? '1001' }),
  'guess-call-passwords': (o, w) =>
    authCracker({ ...o, user: w.text('user') ?? '1001', method: w.one('method', CREDENTIAL_METHODS) ?? 'INVITE' }),
  'scan-users': (o, w) =>
    svwar({ ...o, method: w.one('method', METHODS) ?? 'REGISTER', firstUser: w.number('first-user') ?? 100_000 }),
  'scan-hosts': (o, w) => {
    const last = w.number('dark-hosts') ?? 0;
    return svmap({ ...o, targets: Array.from({ length: last }, (_, i) => endpoint(`192.0.2.${20 + i}`, 5060)) });
  },
  'flood-invites': (o, w) => inviteFlood({ ...o, user: w.text('user') }),
  flood: (o, w) => flood({ ...o, method: w.text('method') }),
  'call-numbers': (o, w) =>
    tollFraud({
      ...o,
      numbers: w.text('numbers')?.split(',') ?? ['00972595551234'],
      toItself: w.one('from', ['itself', 'other']) === 'itself',
    }),
  'scan-calls': (o, w) => callScan({ ...o, method: w.one('method', ['BYE', 'CANCEL', 'INVITE']) ?? 'BYE' }),
  'touch-calls': (o, w) => overheard({ ...o, act: w.one('act', ['BYE', 'INVITE', 'replay']) ?? 'BYE' }),
  'challenge-our-side': (o, w) =>
    digestLeak({
      ...o,
      method: w.one('method', ['BYE', 'INVITE', 'UPDATE']),
      status: w.one('status', ['401', '407']) === '401' ? 401 : 407,
    }),
  inject: (o, w) =>
    injection({
      ...o,
      user: w.text('text') ?? '',
      method: w.text('method'),
      field: w.one('field', INJECTED_FIELDS),
    }),
  'ask-tftp': (o, w) => tftpAsk(TFTP, o.source, (w.text('files') ?? '').split(','), o.at ?? START, 1_000 / o.rate),
  'registered-phones': (o, w) =>
    registeredPhones({ ...known(o), firstUser: w.number('first-user'), expires: w.number('expires') }),
  'stuck-phone': (o, w) =>
    stuckPhone({ ...known(o), user: w.text('user') ?? '1001', everyMs: duration(w.text('every') ?? '30s') }),
  trunk: (o) => trunk(known(o)),
  'guess-patiently': (o, w) => {
    const sources = w.number('sources') ?? 1;
    const where = w.one('where', ['network', 'line', 'internet']) ?? 'network';
    const { host } = o.source;
    return patientGuesser({
      pbx: o.pbx,
      at: o.at,
      count: o.count,
      shape: o.shape,
      everyMs: duration(w.text('every') ?? '30m'),
      users: w.number('users') ?? 1,
      firstUser: w.number('first-user'),
      burst: w.number('burst'),
      ports: o.ports,
      sources:
        where === 'internet'
          ? scattered(sources)
          : where === 'line'
            ? oneLine(host.replace(/[[\]]/g, '').replace(/::.*$/, ''), sources)
            : neighbours(o.source, sources),
    });
  },
  'send-malformed': (o) => malformedFlood(o),
  'walk-tftp': (o, w) =>
    tftpWalk({
      source: o.source,
      server: TFTP,
      count: o.count,
      rate: o.rate,
      ports: o.ports,
      at: o.at,
      foundEvery: w.number('found-every'),
    }),
};

const known = ({ source, pbx, at, count, shape }: AttackOptions) => ({
  ...{ source, pbx, at, count },
  shape: shape === TOOLS.nameless ? undefined : shape,
});

export function trafficOf(block: string): Traffic {
  const parts = block
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(sampleOf);
  return merge(...parts);
}

function sampleOf(line: string): Traffic {
  const good = /^(\S+)\s+good "(.+)"$/.exec(line);
  if (good) {
    const found = GOOD_CASES[good[2]];
    if (!found) throw new Error(`"${line}": there is no such good case`);
    return shift(found.traffic(), duration(good[1]));
  }
  const match = /^(\S+)\s+([a-z-]+) from ([0-9a-f.]+?)(?::([0-9]+))?((?:\s+\S+)*)$/.exec(line);
  const build = match && BUILDERS[match[2]];
  if (!match || !build) throw new Error(`"${line}": expected TIME NAME from ADDRESS[:PORT] key=value …`);
  const w = new Words(line, match[5].trim().split(/\s+/).filter(Boolean));
  const shapeName = w.one('shape', Object.keys(SHAPES));
  const options: AttackOptions = {
    source: endpoint(match[3], Number(match[4] ?? 5071)),
    pbx: pbxOf(w),
    at: START + duration(match[1]),
    count: w.number('count') ?? 100,
    rate: w.number('rate') ?? 20,
    shape: shapeName === undefined ? TOOLS.nameless : SHAPES[shapeName],
    ports: w.one('ports', ['one', 'each']),
    seed: w.number('seed'),
  };
  const answers = w.one('answers', ['seen', 'unseen']);
  const forging = w.one('forged', ['yes', 'no']) === 'yes';
  const built = build(options, w);
  const traffic = forging ? forged(built) : built;
  w.done();
  return answers === 'unseen' ? oneWay(traffic) : traffic;
}

export interface Expectation {
  line: string;
  source: string;
  action: 'block' | 'deny' | 'limit' | 'watch' | 'incident' | 'nothing';
  finding: string | null;
  reason: string | null;
  /** Whom the action is about. */
  target: string | null;
  /** How long it lasts. */
  forMs: number | null;
  /** The verdict falls when this many packets of the source were seen, or earlier. */
  byPacket: number | null;
}

export function expectationsOf(block: string): Expectation[] {
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const match =
      /^(\S+)\s+(block|deny|limit|watch|incident|nothing)(?:\s+([a-z-]+\.[a-z-]+))?(?:\s+because ([a-z-]+))?(?:\s+on (\S+))?(?:\s+for (\S+))?(?:\s+by packet ([0-9]+))?$/.exec(
        line.trim(),
      );
    if (!match)
      throw new Error(
        `"${line}": expected ADDRESS ACTION [FINDING] [because REASON] [on TARGET] [for TIME] [by packet N]`,
      );
    const [, source, action, finding = null, reason = null, target = null, time, byPacket] = match;
    return {
      line: line.trim(),
      source,
      action: action as 'block',
      finding,
      reason,
      target,
      forMs: time === undefined ? null : duration(time),
      byPacket: byPacket ? Number(byPacket) : null,
    };
  });
}
