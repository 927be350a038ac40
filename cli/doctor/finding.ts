/** One line of `ringfence doctor`. */
export interface Finding {
  area: 'software' | 'kernel' | 'privileges' | 'data' | 'conflicts' | 'ports' | 'clock';
  /** Stable name for scripts, e.g. `kernel-sets`. */
  check: string;
  /** `fail`: Ringfence cannot protect like this. `warn`: it can, but look at it. */
  level: 'ok' | 'warn' | 'fail';
  /** What was found, one sentence. Safe to print. */
  text: string;
  /** The command or step that fixes it. */
  fix: string | null;
}

export interface DoctorContext {
  dataDirectory: string;
  /** Ports to look at, and whether guests behind this host are protected instead of the host itself. */
  sipUdp: { first: number; last: number }[];
  sipTcp: { first: number; last: number }[];
  gateway: boolean;
  root: boolean;
  now: number;
}
