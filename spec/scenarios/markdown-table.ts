/** The table as people read it: README.md of this folder. */
import type { Scenario } from './scenario.ts';
import { TABLE } from './table.ts';

const INTRO = `# Scenarios

<!-- Made of the rows by write.ts: change attacks-*.ts and innocent-*.ts, then run \`node spec/scenarios/write.ts\`. -->

What must be stopped and what must never be, each with the verdict, what it covers, and why. \`scenarios.test.ts\` runs every row through the engine;
\`lab/scenario-table.lab.test.ts\` plays every row in a real kernel, over IPv4 and IPv6: those of up to 24 seconds at the pace in which they are made,
longer ones by the clock of their packets (the sensor's clock stands at the time of the packet that is being played, so that a week takes seconds;
windows and thresholds are the default ones, and the kernel's own budgets by the second are off). The packets are made by the row's own code:
\`node spec/scenarios/write.ts DIR\` writes each as a capture for Wireshark or \`ringfence replay\`.
`;

export function markdownTable(): string {
  const parts = [INTRO];
  for (const { title, kind, scenarios } of TABLE) {
    const [note, heading] = kind === 'attack' ? ['what it is good for', 'Attack'] : ['what it looks like', 'Innocent'];
    const rows = scenarios.map((one) => `| ${[one.name, one.note, ...verdictOf(one)].map(escaped).join(' | ')} |`);
    parts.push(
      `## ${heading}: ${title}\n\n| scenario | ${note} | verdict | covers | reason |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`,
    );
  }
  return parts.join('\n');
}

function verdictOf({ said }: Scenario): string[] {
  if (said === undefined) return ['nothing', '', ''];
  return [said.action, said.action === 'watch' ? '' : said.scope, `\`${said.finding}\``];
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
