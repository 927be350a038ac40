/** Timelines: what is reported, what people get, and when. */
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { CAMPAIGN_FACTS_MAX } from './group/campaign.ts';
import type { CampaignNotice, Notice } from './notice.ts';
import { attackOf, OFFICE, useNotify } from './testing/notify-world.ts';

const w = useNotify();
const office = () => w.channels.get('office')!;
const policy = (more: string) => OFFICE.replace('notify: {', `notify: { ${more},`);

/** Rows of every CSV that came with these messages. */
function listed(notices: readonly Notice[]): Record<string, string>[] {
  const files = notices.flatMap((notice) => ('attachments' in notice ? notice.attachments : []));
  return files.flatMap(({ base64, contentType }) => {
    const bytes = Buffer.from(base64, 'base64');
    return parse(contentType === 'application/gzip' ? gunzipSync(bytes) : bytes, { columns: true }) as Record<
      string,
      string
    >[];
  });
}

describe('one source', () => {
  test('is told once, after the wait, with everything that came meanwhile', async () => {
    w.report(attackOf(7, { action: 'watch' }));
    await w.run(9);
    expect(office().news()).toEqual([]);
    w.report(attackOf(7, { action: 'block', count: 20, last: attackOf(7).last + 1 }));
    w.report({ ...attackOf(7), id: 'other', kind: 'flood' });
    await w.run(2);
    expect(office().got).toMatchObject([
      {
        recipient: 'b@example.org',
        message: { subject: expect.stringContaining('203.0.113.7') as string },
        notice: { kind: 'attack-opened', attack: { incident: 'i7', action: 'block', count: 20 }, othersTotal: 1 },
      },
    ]);
    office().news();
    await w.run(3600, 60_000);
    expect(office().news()).toEqual([]);
  });

  test('a higher step is told, and with `ended` its end', async () => {
    w.restart(policy('events: { ended: true }'));
    w.report(attackOf(7));
    await w.run(11);
    w.report(attackOf(7, { action: 'deny', reason: 'repeat-offender' }));
    await w.run(11);
    w.report(attackOf(7, { action: 'deny', closed: attackOf(7).last }));
    await w.run(11);
    expect(office().news()).toEqual(['attack-opened i7', 'attack-escalated i7', 'attack-ended i7']);
  });

  test('INVITEs over the limit are a message of their own', async () => {
    w.report(attackOf(7, { kind: 'invite-limit', action: 'watch' }), { ...attackOf(7), id: 'j7' });
    await w.run(11);
    expect(office().news().sort()).toEqual(['attack-opened j7', 'invite-limit i7']);
  });
});

describe('a restart', () => {
  test('repeats nothing: neither what was told nor what waited', async () => {
    w.report(attackOf(7));
    await w.run(5);
    w.restart();
    w.report(attackOf(7, { count: 30 }));
    await w.run(20);
    w.restart();
    await w.run(20);
    expect(office().news()).toEqual(['attack-opened i7']);
  });

  test('what was stored and not told yet is told: opened, escalated, ended', async () => {
    w.restart(policy('wait: 0s, events: { ended: true }'));
    w.report(attackOf(7), attackOf(8), attackOf(9));
    await w.run(1);
    office().news();
    // The console dies between the store and its first pass.
    w.raw([
      { type: 'incidents', changes: [{ incident: attackOf(7, { action: 'deny' }), evidence: [] }] },
      { type: 'incidents', changes: [{ incident: attackOf(8, { closed: attackOf(8).last }), evidence: [] }] },
      { type: 'incidents', changes: [{ incident: attackOf(10), evidence: [] }] },
    ]);
    w.restart();
    await w.run(20);
    expect(office().news().sort()).toEqual(['attack-ended i8', 'attack-escalated i7', 'attack-opened i10']);
  });

  test('the log that is there at the first start is no news', async () => {
    w.restart('notify: {}');
    w.report(attackOf(7));
    await w.run(20);
    w.restart(OFFICE);
    w.report(attackOf(8));
    await w.run(20);
    expect(office().news()).toEqual(['attack-opened i8']);
  });
});

describe('many sources', () => {
  test('10,000 at once are two messages, and the list has each of them', async () => {
    for (let n = 0; n < 10_000; n += 1000)
      w.report(...Array.from({ length: 1000 }, (_, i) => attackOf(1000 + n + i, { country: 'NL' } as never)));
    await w.run(600, 20_000);
    const notices = office().got.map(({ notice }) => notice);
    expect(notices).toMatchObject([
      { kind: 'campaign-opened' },
      { kind: 'campaign-ended', campaign: { sources: 10_000, incidents: 10_000, blocked: 10_000 } },
    ]);
    expect(new Set(listed(notices).map(({ attacker }) => attacker)).size).toBe(10_000);
  });

  test('10,000 with a message for every attack: never more than the cap in an hour, and no fact is lost', async () => {
    w.restart(policy('everyAttack: true').replace('from:', 'perHourMax: 20, from:'));
    const perHour: number[] = [];
    const all: Notice[] = [];
    for (let hour = 0; hour < 4; hour++) {
      for (let n = 0; n < 2500; n += 500)
        w.report(...Array.from({ length: 500 }, (_, i) => attackOf(1000 + hour * 2500 + n + i)));
      await w.run(3600, 120_000);
      const notices = office()
        .got.splice(0)
        .map(({ notice }) => notice);
      perHour.push(notices.length);
      all.push(...notices);
    }
    await w.run(7200, 60_000);
    all.push(...office().got.map(({ notice }) => notice));
    expect(Math.max(...perHour)).toBeLessThanOrEqual(20);
    const alone = all.flatMap((notice) => ('attack' in notice ? [notice.attack.attacker.address] : []));
    const inLists = listed(all).map(({ attacker }) => attacker);
    expect(new Set([...alone, ...inLists]).size).toBe(10_000);
    // The busiest hour that ends anywhere, too: the cap is no matter of the clock's hours.
    expect(all.filter(({ kind }) => kind === 'storm').length).toBeGreaterThan(2);
  });

  test('more sources than a list can hold, as forged ones do: still two messages, and what is not listed is counted', async () => {
    const burst = 2500;
    for (let n = 0; n < 24_000; n += burst) {
      w.report(...Array.from({ length: Math.min(burst, 24_000 - n) }, (_, i) => attackOf(1000 + n + i)));
      await w.run(1);
    }
    await w.run(600, 60_000);
    const notices = office().got.map(({ notice }) => notice);
    expect(notices.map(({ kind }) => kind)).toEqual(['campaign-opened', 'campaign-ended']);
    const { campaign } = notices[1] as CampaignNotice;
    const rows = listed(notices).length;
    expect(rows).toBeGreaterThanOrEqual(CAMPAIGN_FACTS_MAX);
    expect(campaign).toMatchObject({ incidents: 24_000, unlisted: 24_000 - rows });
  });

  test('one more source after the campaign is told on its own again', async () => {
    w.report(...Array.from({ length: 30 }, (_, i) => attackOf(i + 1)));
    await w.run(320, 5000);
    expect(office().news()).toEqual(['campaign-opened', 'campaign-ended']);
    w.report(attackOf(99));
    await w.run(11);
    expect(office().news()).toEqual(['attack-opened i99']);
  });

  test('a restart in the middle of it goes on with the same campaign', async () => {
    w.report(...Array.from({ length: 30 }, (_, i) => attackOf(i + 1)));
    await w.run(20);
    w.restart();
    w.report(...Array.from({ length: 30 }, (_, i) => attackOf(i + 101)));
    await w.run(330, 5000);
    const notices = office().got.map(({ notice }) => notice);
    expect(notices).toMatchObject([{ kind: 'campaign-opened' }, { kind: 'campaign-ended', campaign: { sources: 60 } }]);
  });
});

describe('quiet hours', () => {
  // The clock begins at midnight, UTC.
  const QUIET = 'wait: 0s, quiet: { from: "22:00", to: "01:00" }';

  test('hold attacks back and tell them in one digest at their end', async () => {
    w.restart(policy(QUIET));
    w.report(attackOf(1));
    await w.run(600, 60_000);
    w.report(attackOf(2));
    await w.run(2900, 60_000);
    expect(office().news()).toEqual([]);
    await w.run(200, 60_000);
    const notices = office().got.map(({ notice }) => notice);
    expect(notices).toMatchObject([{ kind: 'storm', cause: 'quiet-hours', notices: 2 }]);
    expect(listed(notices).map(({ incident }) => incident)).toEqual(['i1', 'i2']);
  });

  test('one attack is told as it is; a campaign at once', async () => {
    w.restart(policy(QUIET));
    w.report(attackOf(1));
    await w.run(3700, 60_000);
    expect(office().news()).toEqual(['attack-opened i1']);
    w.clock.go(21 * 3_600_000);
    w.report(...Array.from({ length: 30 }, (_, i) => attackOf(i + 100)));
    await w.run(10);
    expect(office().news()).toEqual(['campaign-opened']);
  });
});

describe('a server that does not answer', () => {
  const down = { outcome: 'retry' as const, answer: '421 4.3.2 not now' };
  const up = { outcome: 'delivered' as const, answer: '250 OK' };

  test('for three days: a few tries, then what was first and a digest of the rest', async () => {
    office().answer = () => down;
    for (let hour = 0; hour < 72; hour++) {
      w.report(attackOf(hour + 1));
      await w.run(3600, 300_000);
    }
    expect(office().asked.length).toBeLessThan(60);
    office().answer = () => up;
    await w.run(5 * 3600, 300_000);
    const notices = office().got.map(({ notice }) => notice);
    expect(notices.map(({ kind }) => kind)).toEqual(['attack-opened', 'storm']);
    expect(listed(notices).length).toBe(71);
    expect(
      new Set(
        office()
          .asked.filter(({ notice }) => notice.id === 'opened-i1')
          .map(({ messageId }) => messageId),
      ).size,
    ).toBe(1);
  });

  test('for longer than five days: given up, with an event and a notice on the other channel', async () => {
    w.restart(
      OFFICE.replace(
        '}] }] }',
        '}] }], webhook: [{ name: chat, url: "https://chat.example.org/x", gets: [trouble] }] }',
      ),
    );
    office().answer = () => down;
    w.report(attackOf(1));
    await w.run(6 * 86_400, 600_000);
    expect(office().got).toEqual([]);
    expect(w.store.store.events()).toMatchObject([{ level: 'error', code: 'notify-given-up' }]);
    expect(w.channels.get('chat')!.news()).toEqual(['trouble notify-given-up']);
    expect(w.store.store.notify.read((rows) => rows.deliveries({ channel: 'office', limit: 5 }))).toMatchObject([
      { state: 'given-up', answer: down.answer },
    ]);
  });

  test('a mailbox that there is not: no second try, and the other recipient has theirs', async () => {
    w.restart(OFFICE.replace('[{ address: b@', '[{ address: gone@example.org }, { address: b@'));
    office().answer = ({ recipient }) =>
      recipient.startsWith('gone') ? { outcome: 'refused', answer: '550 5.1.1 no such user' } : up;
    w.report(attackOf(1));
    await w.run(60);
    expect(office().asked.map(({ recipient }) => recipient)).toEqual(['gone@example.org', 'b@example.org']);
    expect(w.store.store.events()[0]).toMatchObject({ code: 'notify-refused', level: 'warning' });
    expect(w.store.store.events()[0].text).toContain('550 5.1.1 no such user');
  });
});

describe('the clock', () => {
  // What somebody sets; each time people get the message once, soon, and the cap holds.
  test.each([-5, -1, 1, 5, 100])('jumps by %d hours while a message waits', async (hours) => {
    w.report(attackOf(1));
    await w.run(5);
    w.clock.jump(hours * 3_600_000);
    await w.run(8);
    expect(office().news()).toEqual(['attack-opened i1']);
    w.restart();
    w.report(attackOf(2));
    await w.run(30);
    expect(office().news()).toEqual(['attack-opened i2']);
  });

  test('jumps back in an outage: the next try is hours away at most, not days', async () => {
    office().answer = () => ({ outcome: 'retry', answer: '421 later' });
    w.report(attackOf(1));
    await w.run(86_400, 60_000);
    w.clock.jump(-30 * 86_400_000);
    w.restart();
    office().answer = () => ({ outcome: 'delivered', answer: '250 OK' });
    await w.run(6 * 3600, 60_000);
    expect(office().news()).toEqual(['attack-opened i1']);
  });

  test('jumps ahead again and again: the cap is of real hours', async () => {
    w.restart(policy('everyAttack: true').replace('from:', 'perHourMax: 5, from:'));
    for (let n = 1; n <= 30; n++) {
      w.report(attackOf(n));
      w.clock.jump(2 * 3_600_000);
      await w.run(60);
    }
    expect(office().got.length).toBeLessThanOrEqual(5);
  });
});

describe('the daily report', () => {
  test('comes once for each day at its local time, and of the days that were missed the last', async () => {
    w.restart(OFFICE.replace('enabled: false', 'at: "07:00"'));
    await w.run(3 * 86_400, 600_000);
    expect(office().news()).toEqual(['report 2025-12-31', 'report 2026-01-01', 'report 2026-01-02']);
    w.clock.go(5 * 86_400_000);
    w.restart();
    await w.run(60);
    expect(office().news()).toEqual(['report 2026-01-07']);
    w.clock.jump(-86_400_000);
    await w.run(86_400 * 2, 600_000);
    expect(office().news()).toEqual(['report 2026-01-08']);
  });
});

describe('troubles of the firewall', () => {
  test('are told once an hour for each code', async () => {
    const event = (at: number, text: string) =>
      w.store.store.noteEvent({ at: w.clock.wall() + at, level: 'error', code: 'feed-failed', text });
    event(0, 'one');
    event(1, 'two');
    await w.run(5);
    expect(office().news()).toEqual(['trouble feed-failed']);
    await w.run(3600, 60_000);
    event(2, 'three');
    await w.run(20);
    expect(office().news()).toEqual(['trouble feed-failed']);
  });
});
