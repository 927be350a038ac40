/** Who changed what. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { auditInput } from '../lists-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { moment, page } from './shapes.ts';

const auditEntry = z
  .strictObject({
    at: moment,
    who: z.string(),
    origin: z.string().describe('From where: `local socket`, or an address.'),
    what: z.string().describe('`allow.add`, `deny.import`, `block.lift`, `policy.set` …'),
    subject: z.string().describe('Range, address or version that was changed.'),
    before: z.unknown().describe('Null: there was nothing.'),
    after: z.unknown().describe('Null: there is nothing any more.'),
    comment: z.string(),
  })
  .meta({ id: 'AuditEntry' });

export const auditPage = page(auditEntry);

export const auditGroup: Group = {
  name: 'Audit',
  description: 'Who changed what, from where, before and after.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/audit',
      id: 'listAudit',
      summary: 'Changes that people made, the latest first.',
      scope: 'read',
      query: auditInput,
      answer: auditPage,
      csv: {
        columns: {
          at: ({ at }) => timeCell(at),
          who: ({ who }) => who,
          origin: ({ origin }) => origin,
          what: ({ what }) => what,
          subject: ({ subject }) => subject,
          before: ({ before }) => (before === null ? null : JSON.stringify(before)),
          after: ({ after }) => (after === null ? null : JSON.stringify(after)),
          comment: ({ comment }) => comment,
        },
      },
      run: (operations, { query }) => operations.audit(query),
    }),
  ],
};
