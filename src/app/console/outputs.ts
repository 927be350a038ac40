/** What goes out of committed reports to other systems: HEP and the JSON log. */
import type { GuardReport } from '../../channel/protocol.ts';
import { HepOutput } from '../../hep/hep-output.ts';
import { JsonLog } from '../../json-log/json-log.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import type { Place } from '../../store/store.ts';
import { say } from '../daemon-output.ts';
import type { ToldEvent } from './note-events.ts';

interface Options {
  place: (address: string) => Place;
  report: (event: ToldEvent) => void;
}

export class Outputs {
  private readonly hep: HepOutput;
  private readonly jsonLog: JsonLog;

  constructor({ place, report }: Options) {
    this.hep = new HepOutput({ report });
    this.jsonLog = new JsonLog({ say, place, report });
  }

  use({ hep, jsonLog }: PolicyDocument): void {
    void this.hep.use(hep);
    void this.jsonLog.use(jsonLog);
  }

  committed(reports: readonly GuardReport[]): void {
    this.hep.committed(reports);
    this.jsonLog.committed(reports);
  }

  async close(): Promise<void> {
    this.hep.close();
    await this.jsonLog.close();
  }
}
