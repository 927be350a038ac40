/** What the figures were measured on: printed above every benchmark. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export function machineLine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return `${processors.length} × ${model}, ${memory} GiB, Linux ${release()}, Node ${process.version}, ${day}, load ${loadAverage()}`;
}

function loadAverage(): string {
  return readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
}
