/** The JSON log, to real files that are rotated in each of the ways there are. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardReport } from '../channel/protocol.ts';
import type { Incident } from '../core/judge/incident.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import { HOSTILE_TEXTS } from '../notify/testing/notices.ts';
import { JsonLog, type JsonLogPolicy } from './json-log.ts';
import { LogFile } from './log-file.ts';

const AT = Date.UTC(2026, 10, 21, 14, 3, 22);
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringfence-json-'));
  path = join(directory, 'attacks.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

function incident(over: Partial<Incident> = {}): Incident {
  const known = {
    id: 'a',
    source: '203.0.113.66',
    kind: 'flood',
    action: 'watch',
    first: AT,
    last: AT + 1000,
    closed: null,
  };
  return { ...known, ...over } as Incident;
}

const change = (...all: Incident[]): GuardReport[] => [
  { type: 'incidents', changes: all.map((one) => ({ incident: one, evidence: [] })) },
];

async function logging(
  to: JsonLogPolicy['to'],
  work: (log: JsonLog) => void,
): Promise<{ said: string[]; events: string[] }> {
  const said: string[] = [];
  const events: string[] = [];
  const log = new JsonLog({
    say: (line) => void said.push(line),
    place: () => ({ country: 'NL', asn: 64500, network: 'Example' }),
    report: ({ code, text }) => void events.push(`${code}: ${text}`),
  });
  await log.use({ to, file: path });
  work(log);
  await log.close();
  return { said, events };
}

describe('lines', () => {
  it('an attack: opened, when something new is done about it, closed; and each verdict', async () => {
    const verdict = { at: AT + 2000, source: '203.0.113.66', action: 'block', incident: 'a' } as Verdict;
    const { said } = await logging('stdout', (log) => {
      log.committed(change(incident(), incident({ last: AT + 1500 })));
      log.committed([{ type: 'verdict', verdict }]);
      log.committed(
        change(incident({ action: 'block', last: AT + 2000 }), incident({ action: 'block', last: AT + 3000 })),
      );
      log.committed(change(incident({ action: 'block', closed: AT + 300_000 })));
    });
    const lines = said.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { time: '2026-11-21T14:03:22.000Z', event: 'attack.opened', attack: { id: 'a', country: 'NL', asn: 64500 } },
      { time: '2026-11-21T14:03:24.000Z', event: 'verdict', verdict: { action: 'block', incident: 'a' } },
      { time: '2026-11-21T14:03:24.000Z', event: 'attack.changed', attack: { action: 'block' } },
      { time: '2026-11-21T14:08:22.000Z', event: 'attack.closed', attack: { closed: AT + 300_000 } },
    ]);
  });

  it.each(HOSTILE_TEXTS)('%j is one line, and the same text for a program', async (userAgent) => {
    const { said } = await logging('stdout', (log) => log.committed(change(incident({ userAgent }))));
    expect(said).toHaveLength(1);
    expect(said[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(said[0])).toMatchObject({ attack: { userAgent } });
  });

  it('off: none', async () => {
    expect(await logging('off', (log) => log.committed(change(incident())))).toEqual({ said: [], events: [] });
    expect(existsSync(path)).toBe(false);
  });
});

describe('the file', () => {
  const lines = (file = path) => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const open = (options: Partial<ConstructorParameters<typeof LogFile>[1]> = {}, events: string[] = []) =>
    new LogFile(path, {
      onTrouble: (error, lost) =>
        void events.push(`${(error as NodeJS.ErrnoException | null)?.code ?? 'works'} ${lost}`),
      ...options,
    });
  const written = async (file: string, text: string) => {
    while (!existsSync(file) || !readFileSync(file, 'utf8').includes(text))
      await new Promise((resolve) => setImmediate(resolve));
  };

  it('is added to, and only the group may read it', async () => {
    appendFileSync(path, 'before\n', { mode: 0o640 });
    await logging('file', (log) => log.committed(change(incident())));
    expect(lines()).toEqual(['before', expect.stringContaining('attack.opened')]);
    rmSync(path);
    await logging('file', (log) => log.committed(change(incident())));
    expect(statSync(path).mode & 0o777 & ~0o640).toBe(0);
  });

  it('moved away: the next line is in a new one', async () => {
    const log = open();
    log.add('one');
    await written(path, 'one');
    renameSync(path, `${path}.1`);
    log.add('two');
    await log.close();
    expect([lines(`${path}.1`), lines()]).toEqual([['one'], ['two']]);
  });

  it('moved away, with a new one of somebody else’s in its place', async () => {
    const log = open();
    log.add('one');
    await written(path, 'one');
    renameSync(path, `${path}.1`);
    appendFileSync(path, 'theirs\n');
    log.add('two');
    await log.close();
    expect([lines(`${path}.1`), lines()]).toEqual([['one'], ['theirs', 'two']]);
  });

  it('emptied in its place (copytruncate): goes on at the beginning', async () => {
    const log = open();
    log.add('one');
    await written(path, 'one');
    truncateSync(path);
    log.add('two');
    await log.close();
    expect(lines()).toEqual(['two']);
  });

  it('that cannot be written is told once, and what waited is written when it can be', async () => {
    const events: string[] = [];
    mkdirSync(path);
    const log = open({ retryMs: 5, waitingBytesMax: 8 }, events);
    for (const line of ['one', 'two', 'three', 'four']) log.add(line);
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    rmSync(path, { recursive: true });
    await written(path, 'two');
    await log.close();
    expect(lines()).toEqual(['one', 'two']);
    expect(events).toEqual(['EISDIR 2', 'works 2']);
  });
});
