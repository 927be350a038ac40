/** The SIP messages that are evidence of attacks, to a Homer server. Switched by the policy's section `hep`, at any time. */
import { readFile } from 'node:fs/promises';
import type { GuardReport } from '../channel/protocol.ts';
import { failureText } from '../notify/answer.ts';
import { tlsOptions } from '../notify/certificates.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { Line } from './line.ts';
import { hepPacket } from './packet.ts';

export type HepPolicy = PolicyDocument['hep'];

export interface HepOptions {
  report: (event: { level: 'info' | 'warning'; code: string; text: string }) => void;
  retryMs?: number;
}

export class HepOutput {
  private readonly options: HepOptions;
  private policy: HepPolicy | null = null;
  private line: Line | null = null;
  private key: string | null = null;

  constructor(options: HepOptions) {
    this.options = options;
  }

  /** The policy that counts from now on. Resolves when packets go by it; a key file that cannot be read is reported, and nothing is sent. */
  async use(policy: HepPolicy): Promise<void> {
    if (JSON.stringify(policy) === JSON.stringify(this.policy)) return;
    this.close();
    this.policy = policy;
    const { host, port, transport } = policy;
    if (host === '') return;
    try {
      this.key = policy.keyFile === '' ? null : (await readFile(policy.keyFile, 'utf8')).trim();
    } catch (error) {
      this.options.report({ level: 'warning', code: 'hep-key-unreadable', text: `HEP: ${(error as Error).message}` });
      return;
    }
    if (policy !== this.policy) return;
    const where = `${host} port ${port}`;
    this.line = new Line({
      server: { host, port, transport, tls: () => tlsOptions(policy) },
      ...(this.options.retryMs === undefined ? {} : { retryMs: this.options.retryMs }),
      onTrouble: (error, lost) => {
        const left = lost === 0 ? '' : ` ${lost} messages were left out.`;
        if (error === null)
          this.options.report({ level: 'info', code: 'hep-works', text: `HEP: ${where} takes messages again.${left}` });
        else
          this.options.report({
            level: 'warning',
            code: 'hep-unreachable',
            text: `HEP: ${where}: ${failureText(error)}`,
          });
      },
    });
  }

  /** Reports that are in the store now. Those that come again after a crash of the console are sent again. */
  committed(reports: readonly GuardReport[]): void {
    const { line, policy, key } = this;
    if (line === null || policy === null) return;
    for (const report of reports) {
      if (report.type !== 'incidents') continue;
      for (const { incident, evidence } of report.changes) {
        // Homer knows no TFTP.
        if (incident.kind === 'tftp-bruteforce') continue;
        for (const item of evidence) {
          const packet = hepPacket(item, incident.id, { captureId: policy.captureId, key });
          if (packet !== null) line.send(packet);
        }
      }
    }
  }

  close(): void {
    this.line?.close();
    this.line = null;
  }
}
