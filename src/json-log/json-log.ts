/** Attacks and verdicts as lines of JSON, for log shippers: to the journal or into a file. Switched by the policy's section `jsonLog`, at any time. */
import type { GuardReport } from '../channel/protocol.ts';
import { escapeJson } from '../core/base/escape.ts';
import type { Incident } from '../core/judge/incident.ts';
import { INCIDENTS_OPEN_MAX } from '../core/judge/incidents.ts';
import type { Action } from '../core/judge/verdict.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import type { Place } from '../store/store.ts';
import { LogFile } from './log-file.ts';

export type JsonLogPolicy = PolicyDocument['jsonLog'];

export interface JsonLogOptions {
  /** One line on the standard output: the journal's under systemd. */
  say: (line: string) => void;
  /** Country and network of an address. */
  place: (address: string) => Place;
  report: (event: { level: 'info' | 'warning'; code: string; text: string }) => void;
  retryMs?: number;
}

export class JsonLog {
  private readonly options: JsonLogOptions;
  private policy: JsonLogPolicy | null = null;
  private file: LogFile | null = null;
  /** Open attacks and what was done about them when they were last told. */
  private readonly told = new Map<string, Action>();

  constructor(options: JsonLogOptions) {
    this.options = options;
  }

  async use(policy: JsonLogPolicy): Promise<void> {
    if (JSON.stringify(policy) === JSON.stringify(this.policy)) return;
    this.policy = policy;
    const before = this.file;
    this.file = null;
    const { report, retryMs } = this.options;
    if (policy.to === 'file') {
      const onTrouble = (error: Error | null, lost: number) => {
        const left = lost === 0 ? '' : ` ${lost} lines were left out.`;
        if (error === null)
          report({ level: 'info', code: 'json-log-works', text: `${policy.file} is written again.${left}` });
        else
          report({
            level: 'warning',
            code: 'json-log-unwritable',
            text: `The JSON log cannot be written: ${error.message}`,
          });
      };
      this.file = new LogFile(policy.file, { onTrouble, ...(retryMs === undefined ? {} : { retryMs }) });
    }
    await before?.close();
  }

  /** Reports that are in the store now. Those that come again after a crash of the console are told again. */
  committed(reports: readonly GuardReport[]): void {
    if (this.policy === null || this.policy.to === 'off') return;
    for (const report of reports) {
      if (report.type === 'verdict') this.line(report.verdict.at, 'verdict', { verdict: report.verdict });
      else if (report.type === 'incidents') for (const { incident } of report.changes) this.attack(incident);
    }
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  /** An attack that goes on is told when something new was done about it, not for each message: a flood would fill the disk. */
  private attack(incident: Incident): void {
    const { id, action, closed, last, first } = incident;
    const before = this.told.get(id);
    if (closed === null && before === action) return;
    const event = closed !== null ? 'attack.closed' : before === undefined ? 'attack.opened' : 'attack.changed';
    const at = closed ?? (before === undefined ? first : last);
    this.line(at, event, { attack: { ...incident, ...this.options.place(incident.source) } });
    if (closed !== null) this.told.delete(id);
    else this.told.set(id, action);
    // Those of an earlier run of the guard are never closed here.
    if (this.told.size > INCIDENTS_OPEN_MAX) this.told.delete(this.told.keys().next().value!);
  }

  /** Evasion: no control character and no character that turns text round, or a user agent could write lines of its own or paint a terminal. */
  private line(at: number, event: string, what: object): void {
    const text = escapeJson(JSON.stringify({ time: new Date(at).toISOString(), event, ...what }));
    if (this.file) this.file.add(text);
    else this.options.say(text);
  }
}
