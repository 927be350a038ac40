/** What every stage of one pass works with. */
import type { NotifyPolicy } from '../policy/compile-notify.ts';
import type { NotifyRows } from '../store/notify-store.ts';
import type { ChannelState } from './limit/cap.ts';

export interface Moment {
  rows: NotifyRows;
  policy: NotifyPolicy;
  /** Of the clock's two times (`clock.ts`). */
  wall: number;
  steady: number;
  /** End of the quiet hours; null: there are none now. */
  quietUntil: number | null;
  /** This machine's. */
  hostName: string;
  /** By name, as far as they were asked for in this pass. */
  channels: Map<string, ChannelState>;
}
