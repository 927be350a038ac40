/** Accounts, sessions and tokens as people ask for them: inputs checked, errors as `OperationError`s, changes in the audit log. */
import { z } from 'zod';
import { IdentityError } from '../../identity/identity-error.ts';
import { LINK_MS } from '../../identity/accounts.ts';
import { PASSWORD_CHARS_MAX } from '../../identity/password-rules.ts';
import { scopesOf, SCOPES } from '../../identity/scopes.ts';
import { csrfTokenOf } from '../../identity/secrets.ts';
import { SESSION_MS_MAX, type SignedIn } from '../../identity/sessions.ts';
import type { Step } from '../../identity/sign-in.ts';
import { caller, changeByCaller, type Visitor } from '../caller.ts';
import { inStore, type OperationsContext } from '../context.ts';
import { checkInput } from '../inputs.ts';
import { OperationError } from '../operation-error.ts';

type IdentityContext = Pick<OperationsContext, 'identity' | 'now' | 'web'>;

const name = z.string().max(100);
const secret = z.string().max(200);
const password = z.string().max(PASSWORD_CHARS_MAX);
const role = z.enum(['administrator', 'viewer']);

export const inputs = {
  signIn: z.strictObject({ name, password }),
  secondFactor: z.strictObject({ challenge: secret, code: z.string().max(64) }),
  link: z.strictObject({ link: secret }),
  setUp: z.strictObject({ link: secret, name: name.nullable().default(null), password }),
  password: z.strictObject({ password }),
  newPassword: z.strictObject({ password, next: password }),
  code: z.strictObject({ code: z.string().max(64) }),
  userAdd: z.strictObject({ name, role }),
  userChange: z.strictObject({ role: role.optional(), disabled: z.boolean().optional() }),
  userLink: z.strictObject({ removesSecondFactor: z.boolean().default(false) }),
  tokenAdd: z.strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    until: z.int().min(0).nullable().default(null),
  }),
};
const rowId = z.coerce.number().int().min(1);

export function identityOperations(context: IdentityContext) {
  const { identity } = context;
  const { accounts, own, sessions, signIn, tokens } = identity;

  /** What a session may see of itself. */
  const sessionOf = ({ account, session, secret }: SignedIn) => ({
    name: account.name,
    role: account.role,
    scopes: [...scopesOf(account.role)],
    secondFactor: account.totpSecret !== null,
    csrf: csrfTokenOf(secret),
    since: session.createdAt,
    until: session.createdAt + SESSION_MS_MAX,
  });
  const enter = (secret: string) => {
    const { address, keepSession, signedIn: earlier } = visitor();
    // Nobody could end the one that the browser forgets.
    if (earlier) sessions.end(earlier);
    keepSession(secret);
    return sessionOf(sessions.find(secret, address)!);
  };
  const step = (done: Step) =>
    'session' in done
      ? { session: enter(done.session), challenge: null }
      : { session: null, challenge: done.challenge };
  /** In the words of the product; a caller of the socket has no browser. */
  const change = () => changeByCaller(context);

  return told({
    session: () => sessionOf(signedIn()),
    signIn: async (input: unknown) => {
      const given = checkInput(inputs.signIn, input);
      return step(await signIn.withPassword(given.name, given.password, visitor()));
    },
    secondFactor: (input: unknown) => {
      const { challenge, code } = checkInput(inputs.secondFactor, input);
      return step(signIn.withCode(challenge, code, visitor()));
    },
    signOut: () => {
      sessions.end(signedIn());
      visitor().keepSession(null);
      return { signedOut: true };
    },

    setUp: () => ({ open: accounts.none() }),
    linkView: (input: unknown) => accounts.linkView(checkInput(inputs.link, input).link),
    useLink: async (input: unknown) => {
      const { link, name, password } = checkInput(inputs.setUp, input);
      const account = await accounts.useLink(link, name, password, visitor().address);
      return step(signIn.proceed(account, visitor()));
    },
    /** Null: there are accounts. */
    firstLink: () => {
      const link = accounts.firstLink();
      return { link: link === null ? null : linkOf(context, link) };
    },

    changePassword: async (input: unknown) => {
      const given = checkInput(inputs.newPassword, input);
      return enter(await own.changePassword(signedIn(), given.password, given.next, visitor()));
    },
    secondFactorBegin: (input: unknown) =>
      own.beginSecondFactor(signedIn(), checkInput(inputs.password, input).password, visitor()),
    secondFactorConfirm: (input: unknown) => {
      const { code } = checkInput(inputs.code, input);
      return { recoveryCodes: own.confirmSecondFactor(signedIn(), code, visitor()) };
    },
    secondFactorRemove: async (input: unknown) => {
      await own.removeSecondFactor(signedIn(), checkInput(inputs.password, input).password, visitor());
      return { secondFactor: false };
    },
    recoveryCodes: async (input: unknown) => {
      const { password } = checkInput(inputs.password, input);
      return { recoveryCodes: await own.renewRecoveryCodes(signedIn(), password, visitor()) };
    },
    ownSessions: () => {
      const { account, session } = signedIn();
      const items = sessions.list(account).map(({ id, createdAt, seenAt, address, agent }) => {
        return { id, createdAt, seenAt, address, agent, current: id === session.id };
      });
      return { items, next: null };
    },
    sessionRevoke: (id: unknown) => {
      sessions.revoke(signedIn().account, checkInput(rowId, id), change());
      return { removed: true };
    },

    users: () => ({ items: accounts.list(), next: null }),
    userAdd: (input: unknown) => {
      const given = checkInput(inputs.userAdd, input);
      return linkOf(context, accounts.add(given.name, given.role, change()));
    },
    userChange: (name: unknown, input: unknown) => {
      const { role, disabled } = checkInput(inputs.userChange, input);
      const user = checkInput(z.string(), name);
      accounts.change(user, { role, disabled }, change());
      return accounts.list().find((one) => one.name.toLowerCase() === user.toLowerCase())!;
    },
    userLink: (name: unknown, input: unknown) => {
      const { visitor } = caller();
      if (visitor && !visitor.signedIn) {
        const hint = 'Sign in in a browser, or on the machine itself: ringfence web link --reset NAME';
        throw new OperationError('forbidden', 'session-needed', 'No token opens the account of a person.', hint);
      }
      const { removesSecondFactor } = checkInput(inputs.userLink, input ?? {});
      return linkOf(context, accounts.resetLink(checkInput(z.string(), name), removesSecondFactor, change()));
    },
    userRemove: (name: unknown) => {
      accounts.remove(checkInput(z.string(), name), change());
      return { removed: true };
    },

    tokens: () => ({ items: tokens.list(), next: null }),
    tokenAdd: (input: unknown) => {
      const given = checkInput(inputs.tokenAdd, input);
      const maker = caller().visitor;
      const more = given.scopes.filter((scope) => maker !== undefined && !maker.scopes.includes(scope));
      if (more.length > 0) {
        const text = `A token can be given no more than you have yourself: not ${more.join(', ')}.`;
        throw new OperationError('forbidden', 'scope-missing', text);
      }
      return tokens.add(given, maker?.account ?? null, change());
    },
    tokenRemove: (id: unknown) => {
      tokens.remove(checkInput(rowId, id), change());
      return { removed: true };
    },
  });
}

export interface LinkAnswer {
  /** What follows the console's address; the part after # is in no log of any server. */
  link: string;
  /** On this machine; null: the console is not open in the browser. */
  url: string | null;
  until: number;
}

function linkOf({ web, now }: IdentityContext, secret: string): LinkAnswer {
  const link = `/setup#${secret}`;
  const origin = web?.origin() ?? null;
  return { link, url: origin === null ? null : origin + link, until: now() + LINK_MS };
}

function visitor(): Visitor {
  const { visitor } = caller();
  if (visitor) return visitor;
  const text = 'Signing in is for browsers: whoever may open this socket may do everything.';
  throw new OperationError('no', 'browser-only', text);
}

function signedIn(): SignedIn {
  const { signedIn } = visitor();
  if (signedIn) return signedIn;
  throw new OperationError('unauthenticated', 'not-signed-in', 'Nobody is signed in.', 'Sign in first.');
}

type Operation = (...given: never[]) => unknown;

/** Failures of the rules and of the store, in the words that every transport knows. */
function told<Table extends Record<string, Operation>>(table: Table): Table {
  const tell = (error: unknown): never => {
    if (error instanceof IdentityError)
      throw new OperationError(error.outcome, error.code, error.message, error.hint, error.waitMs);
    return inStore(() => {
      throw error;
    });
  };
  const wrap =
    (operation: Operation): Operation =>
    (...given) => {
      try {
        const answer = operation(...given);
        return answer instanceof Promise ? answer.catch(tell) : answer;
      } catch (error) {
        return tell(error);
      }
    };
  return Object.fromEntries(Object.entries(table).map(([name, operation]) => [name, wrap(operation)])) as Table;
}
