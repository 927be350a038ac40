/** Files that hold several sets: which of them an import takes is said by whoever imports. Real output of real tools. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GuardStandIn, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
beforeAll(async () => void (guard = await GuardStandIn.start(data.path)));
afterAll(async () => {
  await guard?.stop();
  data.remove();
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);
const fixture = (name: string) => fileURLToPath(new URL(`../src/lists/fixtures/${name}`, import.meta.url));

const rows: [args: string, code: number, says: RegExp][] = [
  // Nobody's friends are denied because they stand in the same ruleset.
  [
    'nft-ruleset.txt',
    2,
    /nft-ruleset\.txt has \d sets: blackhole \(\d+ entries\), plain .* The denylist is as it was\.\n.*--set NAME .*--all-sets/,
  ],
  ['ipset-save.txt --skip-bad --dry-run', 2, /has \d sets: blacklist \(3 entries\), nets/],
  ['nft-ruleset-json.txt', 2, /has \d sets: /],
  ['nft-ruleset.txt --set nobody', 2, /has no set "nobody"\. It has blackhole/],
  ['fail2ban-banned.txt --set nobody', 2, /has no set "nobody"\. It has /],
  ['nft-ruleset.txt --set dyn --all-sets', 2, /'--all-sets' cannot be used with option '--set/],
  // What is named, and nothing else: bad lines of other sets are none of ours.
  ['nft-ruleset.txt --set tof --dry-run', 0, /Would be: 1 added, .* 0 refused/],
  ['ipset-save.txt --set nets6 --set span --dry-run', 0, /Would be: 4 added, .* 0 refused/],
  ['ipset-save.txt --all-sets --skip-bad --dry-run', 0, /Would be: \d+ added, .* [1-9]\d* refused/],
  // Jails are bans, all of them.
  ['fail2ban-banned.txt --dry-run', 0, /Would be: [2-9] added/],
];
it.each(rows)('deny import %s → %d', async (args, code, says) => {
  const [file, ...options] = args.split(' ');
  const result = await cli('deny', 'import', fixture(file), ...options);
  expect(result.stdout + result.stderr).toMatch(says);
  expect(result.code).toBe(code);
  expect((await cli('deny', 'list', '--json')).stdout).toBe('[]\n');
});

it('scripts get the sets with their sizes', async () => {
  const { stdout } = await cli('deny', 'import', fixture('ipset-save.txt'), '--json');
  const answer = JSON.parse(stdout) as { changed: boolean; sets: { name: string; records: number }[] };
  expect(answer).toMatchObject({ changed: false, format: 'ipset' });
  expect(answer.sets).toContainEqual({ name: 'blacklist', records: 3 });
});
