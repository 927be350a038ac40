/** Who may come in: start here. Accounts, sign-in, sessions and tokens over one store. */
import type { IdentityStore } from '../store/identity-store.ts';
import { Accounts } from './accounts.ts';
import { OwnAccount } from './own-account.ts';
import { PasswordHasher } from './password-hash.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';
import { SignInDelays } from './sign-in-delays.ts';
import { Tokens } from './tokens.ts';

export interface IdentityParts {
  store: IdentityStore;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** An address has used up its free tries. */
  onGuessing: (address: string) => void;
  hasher?: PasswordHasher;
}

export class Identity {
  readonly accounts: Accounts;
  readonly own: OwnAccount;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly tokens: Tokens;

  constructor({ store, now, onGuessing, hasher = new PasswordHasher() }: IdentityParts) {
    this.accounts = new Accounts(store, hasher, now);
    this.sessions = new Sessions(store, now);
    this.signIn = new SignIn({ store, hasher, now, onGuessing, delays: new SignInDelays() });
    this.own = new OwnAccount({ store, hasher, signIn: this.signIn, now });
    this.tokens = new Tokens(store, now);
  }
}
