/** Countries, feeds and imported lists as an attacker and a real phone feel them: on the PBX itself, and on a gateway in front of it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredIncident } from '../../src/store/store.ts';
import { temporaryDirectory } from '../leftovers.ts';
import { ADDRESSES, type HostName } from '../network.ts';
import type { Phones } from '../phones.ts';
import { until } from '../process.ts';
import { NO_SCANNER_LISTS, type Scenario, type Stage } from '../scenario.ts';

const { attacker, attacker2, phones, guest } = ADDRESSES;

/** The documentation addresses of the lab, as if they had been given to somebody. */
const COUNTRIES = `203.0.113.0/24,RU
2001:db8:bad::/48,RU
192.0.2.0/24,DE
2001:db8:10::/48,DE
`;

/** Nothing but lists stops anybody. */
const NO_DETECTION = `detect:
  scanner-agent: { enabled: false }
  scanner-fingerprint: { enabled: false }
  register-bruteforce: { enabled: false }
  auth-bruteforce: { enabled: false }
  enumeration: { enabled: false }
  flood: { enabled: false }
`;

/** Longer than an answer takes on a busy machine, shorter than anybody likes to wait for one that never comes. */
const PATIENCE_MS = 1500;

/** Runs a command, says it, and holds it to its exit code. */
async function command(stage: Stage, exitCode: number, ...args: string[]): Promise<string> {
  const { code, output } = await stage.ringfence.cli(...args);
  stage.timeline.say('lab', `ringfence ${args.join(' ')} → exit code ${code}\n${output.trim().slice(0, 500)}`);
  assert.equal(code, exitCode, output);
  return output;
}

async function written(name: string, text: string): Promise<string> {
  const path = join(temporaryDirectory('list'), name);
  await writeFile(path, text);
  return path;
}

async function useCountries(stage: Stage): Promise<void> {
  await command(stage, 0, 'geo', 'update', '--accept-loss', '--file', await written('lab-countries.csv', COUNTRIES));
}

interface Line {
  name: string;
  phones: Phones;
}

async function line(stage: Stage, host: HostName, address: string): Promise<Line> {
  const opened = await stage.openPhones([stage.phone('1000', 5070, { address, patienceMs: PATIENCE_MS })], host);
  return { name: `${host} ${address}`, phones: opened };
}

/** Whether the PBX answers each of them now. */
async function expectAnswered(stage: Stage, ...lines: [line: Line, answered: boolean][]): Promise<void> {
  const said = lines.map(async ([{ name, phones: asked }, answered]) => {
    const [status] = (await asked.options(0)).statuses;
    assert.equal(status === 200, answered, `${name} ${answered ? 'must' : 'must not'} be answered, and got ${status}`);
    return `${name} is ${answered ? '' : 'not '}answered`;
  });
  stage.check((await Promise.all(said)).join(', '));
}

const countryRules: Scenario = {
  name: 'countries',
  title: 'a country is blocked, then only one is allowed: the attacker is shut out, a phone never unasked',
  policy: NO_SCANNER_LISTS,
  async run(stage) {
    await useCountries(stage);
    const phone = await line(stage, 'phones', phones.v4);
    const phone6 = await line(stage, 'phones', phones.v6);
    const bad = await line(stage, 'attacker', attacker.v4);
    const bad6 = await line(stage, 'attacker', attacker.v6);
    await expectAnswered(stage, [phone, true], [bad, true], [bad6, true]);
    assert.deepEqual((await phone.phones.register(0)).statuses, [401, 200]);

    await command(stage, 0, 'policy', 'set', 'countries.list', 'RU');
    await command(stage, 0, 'policy', 'set', 'countries.mode', 'block');
    await expectAnswered(stage, [phone, true], [phone6, true], [bad, false], [bad6, false]);

    await command(stage, 0, 'allow', 'add', attacker.v4, '--comment', 'a customer on a journey');
    await expectAnswered(stage, [bad, true], [bad6, false]);
    await command(stage, 0, 'allow', 'remove', attacker.v4);

    const allowGermany = await written(
      'allow.yaml',
      `countries: { mode: allow, list: [DE], unknown: block }\n${NO_SCANNER_LISTS}`,
    );
    await command(stage, 0, 'policy', 'apply', allowGermany);
    await expectAnswered(stage, [phone, true], [phone6, true], [bad, false], [bad6, false]);

    const said = await command(stage, 3, 'policy', 'set', 'countries.list', 'NL');
    assert.match(said, new RegExp(`${phones.v4} would be shut out`));
    await expectAnswered(stage, [phone, true]);
    await command(stage, 0, 'policy', 'set', 'countries.list', 'NL', '--yes');
    await expectAnswered(stage, [phone, false], [phone6, false], [bad, false]);
    await command(stage, 0, 'policy', 'set', 'countries.mode', 'off');
    await expectAnswered(stage, [phone, true], [bad, true], [bad6, true]);
  },
};

const countryOfAnAttack: Scenario = {
  name: 'country-of-attack',
  title: 'an attack has its country in the log; the country is blocked while the attack goes on',
  policy: `mode: protect\n${NO_DETECTION.replace('register-bruteforce: { enabled: false }', 'register-bruteforce: { action: watch }')}`,
  async run(stage) {
    await useCountries(stage);
    const tool = stage.starts('svcrack', stage.attackers.svcrack('1000', '1-99999'));
    const incident = await until(
      'the attack is in the log',
      5_000,
      async () => (await stage.ringfence.attacks(attacker.v4))[0],
    );
    const { country } = incident as StoredIncident;
    stage.timeline.say('ringfence', `incident ${incident.kind} from ${country}: action ${incident.action}`);
    assert.equal(country, 'RU');
    await stage.expectNotBlocked(attacker.v4);
    await command(stage, 0, 'policy', 'set', 'countries.list', 'RU');
    await command(stage, 0, 'policy', 'set', 'countries.mode', 'block');
    await expectSilence(stage);
    await tool.kill();
  },
};

/** From now on nothing of the attack reaches the PBX. */
async function expectSilence(stage: Stage): Promise<void> {
  const before = (await stage.reached.from(attacker.v4)).length;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = (await stage.reached.from(attacker.v4)).length;
  stage.check(`${before} requests of the attacker had reached the PBX, ${after - before} have since`);
  assert(before > 0);
  assert.equal(after, before);
}

const feed: Scenario = {
  name: 'feed',
  title: 'a feed shuts out whom it lists at once, and follows its file; the allowlist wins',
  policy: NO_SCANNER_LISTS,
  async run(stage) {
    const file = await written('list.txt', `# attackers\n${attacker.v4}\n${attacker.v6}\n`);
    const phone = await line(stage, 'phones', phones.v4);
    const bad = await line(stage, 'attacker', attacker.v4);
    const bad6 = await line(stage, 'attacker', attacker.v6);
    const other = await line(stage, 'attacker2', attacker2.v4);
    await expectAnswered(stage, [phone, true], [bad, true], [bad6, true], [other, true]);
    await command(stage, 0, 'feeds', 'add', 'lab', file, '--every', '1h');
    await expectAnswered(stage, [phone, true], [bad, false], [bad6, false], [other, true]);
    await writeFile(file, `${attacker2.v4}\n${phones.v4}\n`);
    await command(stage, 0, 'feeds', 'refresh', 'lab');
    await expectAnswered(stage, [phone, false], [bad, true], [bad6, true], [other, false]);
    await command(stage, 0, 'allow', 'add', phones.v4);
    await expectAnswered(stage, [phone, true], [other, false]);
    await command(stage, 0, 'feeds', 'add', 'lab', file, '--action', 'watch');
    await expectAnswered(stage, [phone, true], [other, true]);
    await command(stage, 0, 'feeds', 'remove', 'lab');
    assert.equal((await stage.ringfence.kernelTable()).includes('feed_lab'), false);
  },
};

/** As many as a public list has. */
const IMPORTED = 20_000;

const importUnderAttack: Scenario = {
  name: 'import-under-attack',
  title: `a file of ${IMPORTED} addresses is imported while an attack goes on: the attacker in it is stopped, a phone notices nothing`,
  policy: NO_DETECTION,
  async run(stage) {
    const rows = Array.from(
      { length: IMPORTED },
      (_, i) => `100.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255},listed`,
    );
    const file = await written('deny.csv', `address,comment\n${rows.join('\n')}\n${attacker.v4},caught\n`);
    const phone = await line(stage, 'phones', phones.v4);
    const tool = stage.starts('svcrack', stage.attackers.svcrack('1000', '1-99999'));
    await until('the attack reaches the PBX', 5_000, async () =>
      (await stage.reached.from(attacker.v4)).length > 20 ? true : undefined,
    );
    let importing = true;
    const answers: boolean[] = [];
    const calling = (async () => {
      while (importing) answers.push((await phone.phones.options(0)).statuses[0] === 200);
    })();
    await command(stage, 0, 'deny', 'import', file).finally(() => (importing = false));
    await calling;
    await expectSilence(stage);
    await tool.kill();
    stage.check(`${answers.length} requests of a phone during the import, all answered`);
    assert(answers.length > 0 && answers.every(Boolean), `${answers.filter((one) => !one).length} without an answer`);
  },
};

const gatewayLists: Scenario = {
  name: 'gateway-lists',
  title: 'countries and feeds hold for the traffic that is forwarded to a guest',
  variant: 'gateway',
  policy: `guests: ["${guest.v4}", "${guest.v6}"]\n${NO_SCANNER_LISTS}`,
  async run(stage) {
    await useCountries(stage);
    const phone = await line(stage, 'phones', phones.v4);
    const bad = await line(stage, 'attacker', attacker.v4);
    const bad6 = await line(stage, 'attacker', attacker.v6);
    const other = await line(stage, 'attacker2', attacker2.v4);
    await expectAnswered(stage, [phone, true], [bad, true], [bad6, true], [other, true]);
    await command(stage, 0, 'feeds', 'add', 'lab', await written('list.txt', `${attacker2.v4}\n`));
    await expectAnswered(stage, [phone, true], [bad, true], [bad6, true], [other, false]);
    await command(stage, 0, 'policy', 'set', 'countries.list', 'RU');
    await command(stage, 0, 'policy', 'set', 'countries.mode', 'block');
    await expectAnswered(stage, [phone, true], [bad, false], [bad6, false], [other, false]);
    assert.deepEqual((await phone.phones.register(0)).statuses, [401, 200]);
    await command(stage, 0, 'feeds', 'remove', 'lab');
    await command(stage, 0, 'policy', 'set', 'countries.mode', 'off');
    await expectAnswered(stage, [phone, true], [bad, true], [bad6, true], [other, true]);
  },
};

export const countriesAndFeeds: Scenario[] = [countryRules, countryOfAnAttack, feed, importUnderAttack, gatewayLists];
