/** Signing in, and one's own account. */
import { z } from 'zod';
import { ROLES, SCOPES } from '../../identity/scopes.ts';
import { inputs } from '../identity/operations.ts';
import { endpoint, type Group } from './endpoint.ts';
import { addressText, moment, page, strangersText } from './shapes.ts';

export const role = z.enum(ROLES).meta({ id: 'Role', description: 'A viewer may see everything and change nothing.' });
export const scope = z.enum(SCOPES).meta({
  id: 'Scope',
  description:
    '`read`: see; `act`: blocks and lists; `configure`: policy, countries, feeds; `accounts`: users, tokens.',
});
export const done = <Name extends string>(name: Name) =>
  z.strictObject({ [name]: z.boolean() } as Record<Name, z.ZodBoolean>);

const session = z
  .strictObject({
    name: z.string(),
    role,
    scopes: z.array(scope),
    secondFactor: z.boolean(),
    csrf: z.string().describe('Goes with every change as the header `X-Ringfence-CSRF`.'),
    since: moment,
    until: moment.describe('Then it ends, however much it is used.'),
  })
  .meta({ id: 'Session' });

const step = z
  .strictObject({
    session: session.nullable().describe('Null: a code is still wanted.'),
    challenge: z.string().nullable().describe('Goes to `POST /session/second-factor` with the code, within 5 minutes.'),
  })
  .meta({ id: 'SignInStep' });

const recoveryCodes = z
  .strictObject({ recoveryCodes: z.array(z.string()).describe('Each is good once. Told this once.') })
  .meta({ id: 'RecoveryCodes' });

export const sessionGroup: Group = {
  name: 'Sign-in',
  description: 'From a name and a password to a session: a cookie that no script can read.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/session',
      id: 'getSession',
      summary: 'Who is signed in in this browser. 401: nobody.',
      scope: 'session',
      answer: session,
      run: ({ identity }) => identity.session(),
    }),
    endpoint({
      method: 'POST',
      path: '/session',
      id: 'signIn',
      summary: 'Sign in with name and password.',
      description:
        'The answer is the same for a wrong name and a wrong password. 429 says in `Retry-After` when to try again.',
      scope: 'none',
      body: inputs.signIn,
      answer: step,
      run: ({ identity }, { body }) => identity.signIn(body),
    }),
    endpoint({
      method: 'POST',
      path: '/session/second-factor',
      id: 'signInWithCode',
      summary: 'The code of the authenticator, or a recovery code.',
      scope: 'none',
      body: inputs.secondFactor,
      answer: step,
      run: ({ identity }, { body }) => identity.secondFactor(body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/session',
      id: 'signOut',
      summary: 'Sign out.',
      scope: 'session',
      answer: done('signedOut'),
      run: ({ identity }) => identity.signOut(),
    }),
    endpoint({
      method: 'GET',
      path: '/setup',
      id: 'getSetup',
      summary: 'Whether there is no account yet.',
      scope: 'none',
      answer: z.strictObject({
        open: z.boolean().describe('The first account is still to be made, with the link that the daemon printed.'),
      }),
      run: ({ identity }) => identity.setUp(),
    }),
    endpoint({
      method: 'POST',
      path: '/setup/link',
      id: 'checkLink',
      summary: 'What a one-time link is good for.',
      scope: 'none',
      body: inputs.link,
      answer: z.strictObject({
        name: z.string().nullable().describe('Null: the first account, whose name you choose.'),
        until: moment,
      }),
      run: ({ identity }, { body }) => identity.linkView(body),
    }),
    endpoint({
      method: 'POST',
      path: '/setup',
      id: 'useLink',
      summary: 'Choose the password of the account that a one-time link is for, and sign in.',
      scope: 'none',
      body: inputs.setUp,
      answer: step,
      run: ({ identity }, { body }) => identity.useLink(body),
    }),
  ],
};

export const accountGroup: Group = {
  name: 'Own account',
  description: 'What whoever is signed in does with their own account. Not for tokens.',
  endpoints: [
    endpoint({
      method: 'PUT',
      path: '/account/password',
      id: 'changePassword',
      summary: 'Change the password. All other sessions end, this one gets a new cookie and CSRF token.',
      scope: 'session',
      body: inputs.newPassword,
      answer: session,
      run: ({ identity }, { body }) => identity.changePassword(body),
    }),
    endpoint({
      method: 'POST',
      path: '/account/second-factor',
      id: 'beginSecondFactor',
      summary: 'A new secret for the authenticator. Nothing changes before its first code has come.',
      scope: 'session',
      body: inputs.password,
      answer: z.strictObject({
        secret: z.string().describe('Base32, to type in.'),
        url: z.string().describe('`otpauth://…`, for a QR code.'),
      }),
      run: ({ identity }, { body }) => identity.secondFactorBegin(body),
    }),
    endpoint({
      method: 'POST',
      path: '/account/second-factor/confirm',
      id: 'confirmSecondFactor',
      summary: 'The first code: from now on one is asked for at sign-in.',
      scope: 'session',
      body: inputs.code,
      answer: recoveryCodes,
      run: ({ identity }, { body }) => identity.secondFactorConfirm(body),
    }),
    endpoint({
      method: 'POST',
      path: '/account/second-factor/remove',
      id: 'removeSecondFactor',
      summary: 'No code any more at sign-in.',
      scope: 'session',
      body: inputs.password,
      answer: done('secondFactor'),
      run: ({ identity }, { body }) => identity.secondFactorRemove(body),
    }),
    endpoint({
      method: 'POST',
      path: '/account/recovery-codes',
      id: 'renewRecoveryCodes',
      summary: 'New recovery codes; the old ones are good no more.',
      scope: 'session',
      body: inputs.password,
      answer: recoveryCodes,
      run: ({ identity }, { body }) => identity.recoveryCodes(body),
    }),
    endpoint({
      method: 'GET',
      path: '/account/sessions',
      id: 'listSessions',
      summary: 'Where this account is signed in.',
      scope: 'session',
      answer: page(
        z
          .strictObject({
            id: z.int(),
            createdAt: moment,
            seenAt: moment.describe('Of the last request, to the minute.'),
            address: addressText,
            agent: strangersText('The browser in its own words.'),
            current: z.boolean().describe('This one.'),
          })
          .meta({ id: 'OwnSession' }),
      ),
      run: ({ identity }) => identity.ownSessions(),
    }),
    endpoint({
      method: 'DELETE',
      path: '/account/sessions/{id}',
      id: 'revokeSession',
      summary: 'End one of them.',
      scope: 'session',
      answer: done('removed'),
      run: ({ identity }, { params }) => identity.sessionRevoke(params.id),
    }),
  ],
};
