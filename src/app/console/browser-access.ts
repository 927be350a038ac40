/** The console in the browser, as the guard ordered it: opens it, and tells people where it is and how they come in. */
import type { Identity } from '../../identity/identity.ts';
import type { Problem } from '../../serve/answers.ts';
import type { WebLink } from '../../serve/context.ts';
import type { Operations } from '../../serve/operations.ts';
import type { WebPlugin } from '../../serve/web/server.ts';
import { managementPortOf, type WebOrders, type WebSettings } from '../../serve/web/settings.ts';
import type { WebConsole } from '../../serve/web/web-console.ts';
import { complain, say } from '../daemon-output.ts';

export interface BrowserAccessParts {
  identity: Identity;
  operations: Operations;
  plugins: readonly WebPlugin[];
  dataDirectory: string;
  now: () => number;
}

export class BrowserAccess {
  /** Undefined: nobody wants it. */
  readonly link: WebLink | undefined;
  private readonly settings: WebSettings | null;
  private readonly apart: boolean;
  private console: WebConsole | null = null;
  /** People read the address after what the guard says of its start. */
  private readonly guardStarted = Promise.withResolvers<void>();

  /** `apart`: what it says is kept in a journal, which more people read than may make the first account. */
  constructor(orders: WebOrders, apart = false) {
    this.apart = apart;
    this.settings = orders !== null && 'settings' in orders ? orders.settings : null;
    const refused: Problem | null = orders !== null && 'problem' in orders ? orders.problem : null;
    if (refused) complain(`${refused.text}\n  ${refused.hint}`);
    if (orders === null) return;
    this.link = {
      managementPort: this.settings && managementPortOf(this.settings),
      origin: () => this.console?.origin ?? null,
      problem: () => refused ?? this.console?.problem ?? null,
    };
  }

  /** Not to be waited for: protection does not depend on it. */
  async open({ identity, ...parts }: BrowserAccessParts): Promise<void> {
    if (!this.settings) return;
    // What a server is made of takes 0.2 s to load: after the guard has its orders.
    const { WebConsole } = await import('../../serve/web/web-console.ts');
    this.console = new WebConsole({
      ...parts,
      identity,
      settings: this.settings,
      onOpen: (origin, fingerprint) => void this.announce(identity, origin, fingerprint),
      onTrouble: ({ text, hint }) => complain(`${text}\n  ${hint}`),
    });
    await this.console.open();
  }

  /** The guard has said what it protects. */
  heardGuard(): void {
    this.guardStarted.resolve();
  }

  async close(): Promise<void> {
    await this.console?.close();
  }

  private async announce(identity: Identity, origin: string, fingerprint: string | null): Promise<void> {
    await this.guardStarted.promise;
    const lines = [`The console in the browser: ${origin}`];
    if (fingerprint !== null) lines.push(`  certificate  SHA-256 ${fingerprint}`);
    try {
      const link = this.apart ? null : identity.accounts.firstLink();
      if (link !== null)
        lines.push(
          'Nobody can sign in yet. Make the first account with this link, within 24 hours:',
          `  ${origin}/setup#${link}`,
        );
    } catch (error) {
      complain(
        `The link for the first account could not be made: ${(error as Error).message}\n  Try: ringfence web link`,
      );
    }
    say(lines.join('\n'));
  }
}
