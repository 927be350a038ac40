/** What a benchmark found: shown as it comes, and kept for `--json`. */
import { loadAverage, processorSeconds, type Machine } from './machine.ts';

export interface Figure {
  label: string;
  value: number;
  unit: string;
  /** The promise: at most this much. */
  limit?: number;
  /** Beside whom, how many runs, what was left out. */
  note?: string;
}

interface SectionReport {
  title: string;
  /** Load of the machine when the section began, our own earlier sections included. */
  load: number;
  /** Percent of all processors' time that the hypervisor gave to other guests meanwhile, when ours wanted to run. */
  stolenPercent: number;
  figures: Figure[];
  notes: string[];
  /** Why the section gave up; null when it did not. */
  failure: string | null;
}

const LABEL_WIDTH = 58;
const VALUE_WIDTH = 18;
const STOLEN_SHOWN_PERCENT = 1;

export class Report {
  readonly machine: Machine;
  readonly sections: Record<string, SectionReport> = {};
  readonly #print: (line: string) => void;
  #current: SectionReport | undefined;
  #processors = { total: 0, stolen: 0 };

  constructor(machine: Machine, print: (line: string) => void) {
    this.machine = machine;
    this.#print = print;
  }

  section(name: string, title: string): void {
    const load = loadAverage();
    this.#current = { title, load, stolenPercent: 0, figures: [], notes: [], failure: null };
    this.#processors = processorSeconds();
    this.sections[name] = this.#current;
    this.#print(`\n${name}: ${title} (load ${load})`);
    if (load > this.machine.processors / 2) this.say('the machine is busy with other things: figures may be worse');
  }

  figure(figure: Figure): void {
    this.#current!.figures.push(figure);
    this.#print(render(figure));
  }

  say(note: string): void {
    this.#current!.notes.push(note);
    this.#print(`  ${note}`);
  }

  fail(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#current!.failure = text;
    this.#print(`  gave up: ${text}`);
  }

  sectionEnd(): void {
    const { total, stolen } = processorSeconds();
    const percent = (100 * (stolen - this.#processors.stolen)) / (total - this.#processors.total);
    this.#current!.stolenPercent = percent;
    if (percent >= STOLEN_SHOWN_PERCENT)
      this.say(`meanwhile the hypervisor took ${percent.toFixed(0)} % of the processors for others: tails may be its`);
  }

  /** Figures that broke their promise, in all sections. */
  overTheLimit(): Figure[] {
    return Object.values(this.sections).flatMap((section) => section.figures.filter(isOver));
  }

  summary(): string {
    const figures = Object.values(this.sections).flatMap((section) => section.figures);
    const limited = figures.filter((figure) => figure.limit !== undefined);
    const over = this.overTheLimit();
    const failed = Object.values(this.sections).filter((section) => section.failure !== null).length;
    const gaveUp = failed === 0 ? '' : `; ${failed} of ${Object.keys(this.sections).length} sections gave up`;
    if (limited.length === 0) return `no figure with a limit was measured${gaveUp}`;
    if (over.length === 0) return `all ${limited.length} figures with a limit are within it${gaveUp}`;
    return `${over.length} of ${limited.length} figures over the limit: ${over.map(({ label }) => label).join('; ')}${gaveUp}`;
  }
}

export function isOver({ value, limit }: Figure): boolean {
  // NaN, nothing measured, is over.
  return limit !== undefined && !(value <= limit);
}

export function render(figure: Figure): string {
  const value = `${shown(figure.value)} ${figure.unit}`;
  const promise =
    figure.limit === undefined
      ? ''
      : `limit ${shown(figure.limit)} ${figure.unit}: ${isOver(figure) ? 'OVER THE LIMIT' : 'within'}`;
  const notes = [promise, figure.note ?? ''].filter((text) => text !== '').join('; ');
  return `  ${figure.label.padEnd(LABEL_WIDTH)} ${value.padStart(VALUE_WIDTH)}  ${notes}`.trimEnd();
}

/** Three digits are as many as these measurements are good for; counts are shown whole. */
function shown(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
