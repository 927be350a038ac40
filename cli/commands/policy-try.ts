/** `ringfence policy try FILE [--since WHEN | --capture FILE]`: who would be blocked under another policy, newly or no longer. */
import type { PolicyDocument } from '../../src/policy/schema.ts';
import type { PolicyAnswer, PolicyTrialAnswer } from '../../src/serve/answers.ts';
import type { Fate, SourceTrial, TrialResult } from '../../src/trial/record.ts';
import { parseRange, type AddressRange } from '../../src/core/base/address.ts';
import { ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { CliError, EXIT_OK, EXIT_UNREACHABLE } from '../exit-codes.ts';
import { captureError, requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';
import { ProgressBar } from '../progress-bar.ts';
import { renderTable } from '../table.ts';
import { colour, plural, print, printJson } from '../terminal.ts';

interface Options {
  /** Milliseconds since the epoch. */
  since?: number;
  capture?: string;
  protect?: string[];
}

/** Sources shown in one table; the JSON has all. */
const SHOWN_MAX = 200;

export async function policyTry(globals: Globals, file: string, options: Options): Promise<number> {
  const { loadPolicyOption } = await import('../policy-option.ts');
  const changed = await loadPolicyOption(file);
  const result =
    options.capture === undefined
      ? await tryAttacks(globals, file, changed, options.since)
      : await tryOnCapture(globals, changed, options.capture, options.protect ?? []);
  if (globals.json) printJson(result);
  else print(render(result));
  return EXIT_OK;
}

async function tryAttacks(
  globals: Globals,
  file: string,
  changed: PolicyDocument,
  since: number | undefined,
): Promise<PolicyTrialAnswer> {
  const { renderPolicy } = await import('../../src/policy/render.ts');
  return ask(globals.data, 'POST', '/policy/try', { name: file, text: renderPolicy(changed), since });
}

async function tryOnCapture(
  globals: Globals,
  changed: PolicyDocument,
  capture: string,
  protect: string[],
): Promise<TrialResult> {
  requireReadable(capture, 'a capture (pcap or pcapng)');
  const { tryCapture } = await import('../../src/trial/capture-trial.ts');
  const { loadAsns } = await import('../../src/geo/embedded-asns.ts');
  const asns = await loadAsns();
  const { document: present, limit } = await presentPolicy(globals);
  const bar = new ProgressBar(process.stderr);
  try {
    const ranges = protect.map(parseRange).filter((range) => range !== null) as AddressRange[];
    const result = tryCapture(
      capture,
      present,
      changed,
      { protect: ranges, asns },
      (run, { position, size, frames }) => {
        bar.update((run - 1 + (size === 0 ? 1 : position / size)) / 2, plural(frames, 'frame'));
      },
    );
    return { ...result, limits: [...limit, ...result.limits] };
  } catch (error) {
    throw captureError(error);
  } finally {
    bar.end();
  }
}

/** A capture can be looked at without a daemon: then against the built-in default. */
async function presentPolicy(globals: Globals): Promise<{ document: PolicyDocument; limit: string[] }> {
  try {
    const { document } = await ask<PolicyAnswer>(globals.data, 'GET', '/policy');
    return { document, limit: [] };
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode !== EXIT_UNREACHABLE) throw error;
    const { defaultDocument } = await import('../../src/policy/default-document.ts');
    return { document: defaultDocument, limit: ['No daemon is reachable: compared with the built-in default policy.'] };
  }
}

export function render(result: TrialResult & { attacks?: number }): string {
  const { newlyBlocked, noLongerBlocked, cannotTell, unchanged, limits, attacks } = result;
  if (attacks === 0) return 'No attack was recorded in that time: there is nothing to try the policy on.';
  const parts: string[] = [];
  if (attacks !== undefined)
    parts.push(`${plural(attacks, 'recorded attack')} under the policy in force and the changed one:`);
  const drawers: [title: string, trials: SourceTrial[], fate: (trial: SourceTrial) => Fate][] = [
    [colour.red('would be blocked, and are not today'), newlyBlocked, (trial) => trial.changed],
    [colour.yellow('would no longer be blocked'), noLongerBlocked, (trial) => trial.changed],
    [
      'cannot be told from what is recorded',
      cannotTell,
      (trial) => (trial.changed.outcome === 'unknown' ? trial.changed : trial.present),
    ],
  ];
  for (const [title, trials, fate] of drawers) {
    if (trials.length > 0) parts.push(`${plural(trials.length, 'source')} ${title}\n${renderTrials(trials, fate)}`);
  }
  parts.push(`${unchanged === 0 ? 'No sources' : plural(unchanged, 'source')} would fare as today.`);
  parts.push(
    [colour.dim('What this cannot know:'), ...limits.map((limit) => colour.dim(`  ${escapeText(limit, 400)}`))].join(
      '\n',
    ),
  );
  return parts.join('\n\n');
}

function renderTrials(trials: SourceTrial[], fate: (trial: SourceTrial) => Fate): string {
  const table = renderTable<SourceTrial>(
    [
      { title: 'SOURCE', cell: ({ source }) => source },
      { title: 'NOW', cell: ({ present }) => word(present) },
      { title: 'THEN', cell: ({ changed }) => word(changed) },
      { title: 'WHY', cell: (trial) => escapeText(fate(trial).why, 200), widthMin: 20 },
    ],
    trials.slice(0, SHOWN_MAX),
  );
  return trials.length > SHOWN_MAX ? `${table}\n… and ${trials.length - SHOWN_MAX} more (--json has all)` : table;
}

function word({ outcome, sure }: Fate): string {
  const words = { blocked: 'blocked', open: 'not blocked', unknown: 'unknown' };
  return sure ? words[outcome] : `probably ${words[outcome]}`;
}
