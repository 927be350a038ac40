/** Another program's firewall on the same machine, set up as its users would for a PBX. */
import type { Stage } from '../scenario.ts';
import type { SecondRoot } from './second-root.ts';

export interface Neighbour {
  name: string;
  /** What it does here, in one sentence. */
  title: string;
  /** Brings its rules into force; what `stage.undo` gets ends it. */
  start(stage: Stage, root: SecondRoot): Promise<void>;
  /** As after a change of its configuration: everything of its own anew. */
  reload(stage: Stage, root: SecondRoot): Promise<void>;
}
