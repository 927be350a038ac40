/** What goes out of committed reports to other systems: HEP and the JSON log. */
import type { GuardReport } from '../../channel/protocol.ts';
import { HepOutput } from '../../hep/hep-output.ts';
import { JsonLog } from '../../json-log/json-log.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import { isOwnFile } from '../../serve/own-files.ts';
import type { Place } from '../../store/store.ts';
import { say } from '../daemon-output.ts';
import type { ToldEvent } from './note-events.ts';

interface Options {
  dataDirectory: string;
  place: (address: string) => Place;
  report: (event: ToldEvent) => void;
}

export class Outputs {
  private readonly hep: HepOutput;
  private readonly jsonLog: JsonLog;
  private readonly dataDirectory: string;
  private readonly report: Options['report'];
  private using: Promise<void> = Promise.resolve();

  constructor({ dataDirectory, place, report }: Options) {
    this.dataDirectory = dataDirectory;
    this.report = report;
    this.hep = new HepOutput({ report });
    this.jsonLog = new JsonLog({ say, place, report });
  }

  /** In the order of the calls; what cannot be used is reported. */
  use({ hep, jsonLog }: PolicyDocument): void {
    this.using = this.using.then(async () => {
      const keyIsOurs = hep.host !== '' && this.isOurs(hep.keyFile);
      const logIsOurs = jsonLog.to === 'file' && this.isOurs(jsonLog.file);
      await this.hep.use(keyIsOurs ? { ...hep, host: '' } : hep);
      await this.jsonLog.use(logIsOurs ? { ...jsonLog, to: 'off' } : jsonLog);
    });
  }

  /**
   * Evasion: whoever may change settings would have the store sent to a server of theirs as a key, or written over with lines. Files of our own are
   * neither.
   */
  private isOurs(path: string): boolean {
    const ours = path !== '' && isOwnFile(this.dataDirectory, path);
    if (ours)
      this.report({
        level: 'warning',
        code: 'output-path-refused',
        text: `${path} is in the data directory of Ringfence and is not used.`,
      });
    return ours;
  }

  committed(reports: readonly GuardReport[]): void {
    this.hep.committed(reports);
    this.jsonLog.committed(reports);
  }

  async close(): Promise<void> {
    await this.using;
    this.hep.close();
    await this.jsonLog.close();
  }
}
