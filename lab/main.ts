/**
 * `npm run lab [scenario]`: plays an attack in network namespaces of its own and prints what happens when. Without a name it plays the
 * one that a newcomer wants to see: svcrack, disguised as a phone, stopped after five wrong passwords.
 *
 * Exit codes: 0 everything happened as promised, 1 it did not, 64 no such scenario.
 */
import { NotAsPromised, play } from './scenario.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { Timeline } from './timeline.ts';

const DEFAULT = 'svcrack-disguised';

const all = Object.values(SCENARIOS).flat();
const [name = DEFAULT] = process.argv.slice(2);

if (name === '--list' || name === '--help') {
  for (const [topic, scenarios] of Object.entries(SCENARIOS)) {
    console.log(topic);
    for (const scenario of scenarios) console.log(`  ${scenario.name.padEnd(24)} ${scenario.title}`);
  }
  process.exit(0);
}
const scenario = all.find((known) => known.name === name);
if (!scenario) {
  console.error(`There is no scenario '${name}'. npm run lab -- --list names them all.`);
  process.exit(64);
}

console.log(`${scenario.name}: ${scenario.title}\n`);
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const timeline = new Timeline((line) => console.log(line), colour);
try {
  await play(scenario, timeline);
  console.log(
    `\nAs promised, in ${(timeline.elapsed() / 1000).toFixed(1)} s. Nothing is left behind. Others: npm run lab -- --list`,
  );
} catch (error) {
  // The timeline is on the screen already.
  const { reason, daemonSaid } =
    error instanceof NotAsPromised ? error : { reason: (error as Error).message, daemonSaid: '' };
  console.error(`\nNot as promised: ${reason}${daemonSaid && `\n\nringfence run said:\n${daemonSaid}`}`);
  process.exitCode = 1;
}
