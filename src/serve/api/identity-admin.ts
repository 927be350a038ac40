/** Users and tokens. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { inputs } from '../identity/operations.ts';
import { endpoint, type Group } from './endpoint.ts';
import { done, role, scope } from './identity.ts';
import { shortPage, shortPageInput } from './paging.ts';
import { moment, momentOrNull, page } from './shapes.ts';

const user = z
  .strictObject({
    name: z.string(),
    role,
    disabled: z.boolean(),
    hasPassword: z.boolean().describe('False: the link was not used yet.'),
    secondFactor: z.boolean(),
    createdAt: moment,
    signedInAt: momentOrNull('never'),
  })
  .meta({ id: 'User' });

const link = z
  .strictObject({
    link: z.string().describe('`/setup#…`: goes behind the address of the console. Good once. Told this once.'),
    url: z.string().nullable().describe('With the address on the machine itself; null: it is not open there.'),
    until: moment,
  })
  .meta({ id: 'OneTimeLink' });

const token = z
  .strictObject({
    id: z.int(),
    name: z.string(),
    owner: z.string().nullable().describe('It may never do more than this account. Null: made on the machine itself.'),
    scopes: z.array(scope),
    createdAt: moment,
    until: momentOrNull('no end'),
    usedAt: momentOrNull('never'),
  })
  .meta({ id: 'Token' });

export const usersGroup: Group = {
  name: 'Users',
  description: 'Who may come in. People choose their passwords themselves, with a one-time link.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/users',
      id: 'listUsers',
      summary: 'All accounts, by name.',
      scope: 'accounts',
      query: shortPageInput,
      answer: page(user),
      csv: {
        columns: {
          name: ({ name }) => name,
          role: ({ role: held }) => held,
          disabled: ({ disabled }) => disabled,
          secondFactor: ({ secondFactor }) => secondFactor,
          createdAt: ({ createdAt }) => timeCell(createdAt),
          signedInAt: ({ signedInAt }) => timeCell(signedInAt),
        },
      },
      run: ({ identity }, { query }) => shortPage(identity.users().items, query),
    }),
    endpoint({
      method: 'POST',
      path: '/users',
      id: 'addUser',
      summary: 'A new account; the answer is the link by which its owner chooses the password.',
      scope: 'accounts',
      body: inputs.userAdd,
      answer: link,
      run: ({ identity }, { body }) => identity.userAdd(body),
    }),
    endpoint({
      method: 'PATCH',
      path: '/users/{name}',
      id: 'changeUser',
      summary: 'Change the role, disable or enable. Its sessions end.',
      description: 'Refused for the last administrator who can sign in (`last-administrator`).',
      scope: 'accounts',
      body: inputs.userChange,
      answer: user,
      run: ({ identity }, { params, body }) => identity.userChange(params.name, body),
    }),
    endpoint({
      method: 'POST',
      path: '/users/{name}/link',
      id: 'resetUser',
      summary: 'A one-time link for a forgotten password. Until it is used the old password is good.',
      scope: 'accounts',
      body: inputs.userLink,
      answer: link,
      run: ({ identity }, { params, body }) => identity.userLink(params.name, body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/users/{name}',
      id: 'removeUser',
      summary: 'Remove an account with its sessions and tokens. Refused for the last administrator.',
      scope: 'accounts',
      answer: done('removed'),
      run: ({ identity }, { params }) => identity.userRemove(params.name),
    }),
    endpoint({
      method: 'POST',
      path: '/setup/first-link',
      id: 'makeFirstLink',
      summary: 'A new link for the first account; null when there are accounts.',
      scope: 'accounts',
      answer: z.strictObject({ link: link.nullable() }),
      run: ({ identity }) => identity.firstLink(),
    }),
  ],
};

export const tokensGroup: Group = {
  name: 'Tokens',
  description: 'For programs: `Authorization: Bearer rf_…`.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/tokens',
      id: 'listTokens',
      summary: 'All tokens, the oldest first.',
      scope: 'accounts',
      query: shortPageInput,
      answer: page(token),
      csv: {
        columns: {
          id: ({ id }) => id,
          name: ({ name }) => name,
          owner: ({ owner }) => owner,
          scopes: ({ scopes }) => scopes.join(' '),
          createdAt: ({ createdAt }) => timeCell(createdAt),
          until: ({ until }) => timeCell(until),
          usedAt: ({ usedAt }) => timeCell(usedAt),
        },
      },
      run: ({ identity }, { query }) => shortPage(identity.tokens().items, query),
    }),
    endpoint({
      method: 'POST',
      path: '/tokens',
      id: 'addToken',
      summary: 'A new token. Its secret is told this once.',
      scope: 'accounts',
      body: inputs.tokenAdd,
      answer: z.strictObject({ token, secret: z.string() }),
      run: ({ identity }, { body }) => identity.tokenAdd(body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/tokens/{id}',
      id: 'removeToken',
      summary: 'Remove a token: it is good no more at once.',
      scope: 'accounts',
      answer: done('removed'),
      run: ({ identity }, { params }) => identity.tokenRemove(params.id),
    }),
  ],
};
