/** A progress bar for people who wait: on standard error, only on a terminal, only when it takes longer than `QUIET_MS`. */
import { duration } from './when.ts';

const QUIET_MS = 2000;
const REDRAW_MS = 100;
const BAR_CELLS = 30;

export interface BarStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export class ProgressBar {
  private readonly stream: BarStream;
  private readonly now: () => number;
  private readonly started: number;
  private drawnAt = 0;

  constructor(stream: BarStream, now: () => number = Date.now) {
    this.stream = stream;
    this.now = now;
    this.started = now();
  }

  /** `share` 0 … 1. */
  update(share: number, text: string): void {
    const now = this.now();
    if (this.stream.isTTY !== true || now - this.started < QUIET_MS || now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
    const left = share > 0.01 ? `, ${duration(((now - this.started) * (1 - share)) / share)} left` : '';
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
    const line = `${bar} ${Math.floor(share * 100)} % ${text}${left}`;
    this.stream.write(`\r\x1b[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
  }

  /** Leaves no trace of the bar. */
  end(): void {
    if (this.drawnAt > 0) this.stream.write('\r\x1b[K');
  }
}
