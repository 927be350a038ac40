/** `ringfence status`: at a glance, is this machine protected? Exit code 0 when it does what the policy says, 1 when nothing is protected. */
import type { StatusAnswer } from '../../src/serve/answers.ts';
import { ask } from '../client.ts';
import { escapeLines, escapeText } from '../escape.ts';
import { EXIT_NO, EXIT_OK } from '../exit-codes.ts';
import type { Globals } from '../program.ts';
import { renderFields } from '../table.ts';
import { byteSize, relativeTime, timeAndAge } from '../when.ts';
import { colour, number, plural, print, printJson } from '../terminal.ts';

export async function status(globals: Globals): Promise<number> {
  const answer = await ask<StatusAnswer>(globals.data, 'GET', '/status');
  if (globals.json) printJson(answer);
  else print(renderStatus(answer, Date.now()));
  return answer.state === 'down' ? EXIT_NO : EXIT_OK;
}

const HEADLINES: Record<StatusAnswer['state'], () => string> = {
  protecting: () => colour.bold(colour.green('Protecting.')),
  monitoring: () => colour.bold(colour.yellow('Watching only: the policy says monitor, nothing is blocked.')),
  degraded: () => colour.bold(colour.yellow('Protecting, but something needs you:')),
  down: () => colour.bold(colour.red('Not protecting:')),
};

export function renderStatus(answer: StatusAnswer, now: number): string {
  const lines = [HEADLINES[answer.state]()];
  for (const problem of answer.problems) {
    const [first, ...more] = escapeLines(problem.text).split('\n');
    lines.push(
      `  ${colour.red('!')} ${first} ${colour.dim(`[${problem.code}]`)}`,
      ...more.map((line) => `    ${line}`),
    );
    if (problem.hint) lines.push(`    ${escapeText(problem.hint)}`);
  }
  lines.push('', renderFields(statusFields(answer, now)));
  const events = answer.lastEvents.filter((event) => event.level !== 'info').slice(0, 3);
  if (events.length > 0) {
    lines.push('', 'Lately:');
    for (const event of events) lines.push(`  ${relativeTime(event.at, now)}: ${escapeText(event.text, 300)}`);
  }
  return lines.join('\n');
}

function statusFields(answer: StatusAnswer, now: number): [string, string][] {
  const { protects, capture, sip, kernel, store, policy } = answer;
  const fields: [string, string][] = [];
  if (answer.since !== null) fields.push(['since', timeAndAge(answer.since, now)]);
  if (protects) {
    const ports = [`SIP ${protects.sipUdp}/udp`, `${protects.sipTcp}/tcp`, `TFTP ${protects.tftp}/udp`];
    fields.push(['protects', `${protects.addresses.join(', ') || 'no address yet'}\n${ports.join(', ')}`]);
  }
  const open = answer.attacksOpen > 0 ? `, ${number(answer.attacksOpen)} going on now` : '';
  fields.push(['attacks today', `${number(answer.attacksToday)}${open}`]);
  const permanent = answer.blocked.permanent > 0 ? `, ${number(answer.blocked.permanent)} of them permanently` : '';
  const waits = answer.mode === 'monitor' && answer.blocked.now > 0 ? ' on record, none in force' : '';
  fields.push(['blocked now', `${plural(answer.blocked.now, 'source')}${permanent}${waits}`]);
  if (capture && sip) {
    fields.push([
      'traffic',
      `${number(sip.messages)} SIP messages (${plural(sip.anomalies, 'anomaly', 'anomalies')}), ${number(Math.round(capture.framesPerSecond))} packets/s now`,
    ]);
  }
  fields.push(...wayInField(answer, now));
  const lost = `${plural(answer.lost, 'packet')} lost before they could be looked at`;
  fields.push(['losses', answer.lost === 0 ? 'none' : colour.red(lost)]);
  if (kernel) {
    const repairs = kernel.repairs === 0 ? '' : `, repaired ${plural(kernel.repairs, 'time')}`;
    const last = kernel.lastRepair === null ? '' : `\nlast repair: ${escapeText(kernel.lastRepair, 200)}`;
    const health = kernel.ok ? colour.green('whole') : colour.red('broken');
    fields.push(['kernel table', `inet ringfence is ${health}${repairs}${last}`]);
  }
  const waiting = store.waiting > 0 ? `, ${plural(store.waiting, 'report')} waiting` : '';
  const gone = store.lost > 0 ? `, ${number(store.lost)} lost` : '';
  fields.push(['store', `${store.ok ? colour.green('fine') : colour.red('failing')}${waiting}${gone}`]);
  const file = policy.file === null ? '' : `, file ${escapeText(policy.file)}`;
  const since = `version ${policy.version}, ${relativeTime(policy.at, now)}, by ${escapeText(policy.by)}`;
  fields.push(['policy', `${policy.version === 0 ? 'the built-in default' : since}${file}`]);
  if (answer.memoryBytes !== null) fields.push(['memory', byteSize(answer.memoryBytes)]);
  fields.push(['data', `${escapeText(answer.dataDirectory)}, Ringfence ${answer.version}`]);
  return fields;
}

/** Nothing while nobody was above a budget. */
function wayInField({ wayIn }: StatusAnswer, now: number): [string, string][] {
  const over = Object.values(wayIn?.over ?? {}).reduce((sum, packets) => sum + packets, 0);
  if (wayIn === null || (over === 0 && wayIn.since === null)) return [];
  const going =
    wayIn.since === null ? '' : `, ${colour.yellow(`a flood goes on since ${timeAndAge(wayIn.since, now)}`)}`;
  return [['way in', `${plural(over, 'packet')} over the budget${going}`]];
}
