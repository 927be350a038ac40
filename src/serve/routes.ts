/** Routes, one line each: what is asked goes to the operations as it came, they check it. */
import type { FastifyInstance } from 'fastify';
import type { Operations } from './operations.ts';

interface Parameters {
  id: string;
  address: string;
  list: string;
  name: string;
  range: string;
  version: string;
}

export function addRoutes(app: FastifyInstance, operations: Operations): void {
  const of = (request: { params: unknown }) => request.params as Parameters;

  app.get('/v1/status', async () => operations.status());
  app.get('/v1/events', async (request) => operations.events(request.query));

  app.get('/v1/attacks', async (request) => operations.attacks(request.query));
  app.get('/v1/attacks/:id', async (request) => operations.attack(of(request).id));

  app.get('/v1/blocks', async () => operations.blocked());
  app.post('/v1/blocks', async (request) => operations.block(request.body));
  app.post('/v1/blocks/extend', async (request) => operations.extend(request.body));
  app.post('/v1/blocks/promote', async (request) => operations.promote(request.body));
  app.delete('/v1/blocks/:address', async (request) => operations.unblock(of(request).address));
  app.get('/v1/explain/:address', async (request) => operations.explain(of(request).address));

  app.get('/v1/audit', async (request) => operations.audit(request.query));

  app.get('/v1/lists/:list', async (request) => operations.listEntries(of(request).list, request.query));
  app.post('/v1/lists/:list', async (request) => operations.listAdd(of(request).list, request.body));
  app.post('/v1/lists/:list/imports', async (request) => operations.listImportBegin(of(request).list, request.body));
  app.post('/v1/imports/:id/entries', async (request) => operations.listImportStage(of(request).id, request.body));
  app.post('/v1/imports/:id/end', async (request) => operations.listImportEnd(of(request).id, request.body));
  app.delete('/v1/imports/:id', async (request) => operations.listImportAbort(of(request).id));
  app.delete('/v1/lists/:list/:range', async (request) => operations.listRemove(of(request).list, of(request).range));

  app.get('/v1/geo', async () => operations.geoStatus());
  app.get('/v1/geo/countries', async () => operations.geoCountries());
  app.post('/v1/geo/lookup', async (request) => operations.geoLookup(request.body));
  app.post('/v1/geo/update', async (request) => operations.geoUpdate(request.body));
  app.post('/v1/geo/preview', async (request) => operations.geoPreview(request.body));

  app.get('/v1/feeds', async () => operations.feeds());
  app.post('/v1/feeds', async (request) => operations.feedAdd(request.body));
  app.post('/v1/feeds/refresh', async () => operations.feedsRefresh());
  app.get('/v1/feeds/:name', async (request) => operations.feedShow(of(request).name));
  app.post('/v1/feeds/:name/refresh', async (request) => operations.feedsRefresh(of(request).name));
  app.delete('/v1/feeds/:name', async (request) => operations.feedRemove(of(request).name));

  app.get('/v1/policy', async () => operations.policyShow());
  app.put('/v1/policy', async (request) => operations.policyApply(request.body));
  app.get('/v1/policy/value', async (request) => operations.policyGet(request.query));
  app.post('/v1/policy/diff', async (request) => operations.policyDiff(request.body));
  app.post('/v1/policy/records', async (request) => operations.policyRecords(request.body));
  app.post('/v1/policy/edit', async (request) => operations.policyEdit(request.body));
  app.put('/v1/policy/value', async (request) => operations.policySet(request.body));
  app.get('/v1/policy/versions', async () => operations.policyHistory());
  app.get('/v1/policy/versions/:version', async (request) => operations.policyShow({ version: of(request).version }));
  app.post('/v1/policy/rollback', async (request) => operations.policyRollback(request.body));
}
