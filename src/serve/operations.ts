/**
 * Everything a person can ask or do, free of transport: the socket of the command line and the web API are thin over this. Inputs
 * are checked here; errors are `OperationError`s. A change is in the store and in the kernel when its promise resolves.
 */
import { about } from './about.ts';
import { attack, attackPcap, attacks, events } from './attacks.ts';
import { audit } from './audit.ts';
import { backupMake, backupRemove, backupRestore, backups } from './backups.ts';
import { promote } from './blocking-promote.ts';
import { block, blocked, extend, unblock } from './blocking.ts';
import type { OperationsContext } from './context.ts';
import { explain } from './explain.ts';
import { feedAdd, feedRemove, feeds, feedShow, feedsRefresh } from './feeds.ts';
import { geoCountries, geoLookup, geoStatus, geoUpdate } from './geo.ts';
import { geoPreview } from './geo-preview.ts';
import { identityOperations } from './identity/operations.ts';
import { ListImports } from './lists-import.ts';
import { listImportFile } from './lists-import-file.ts';
import { listAdd, listEntries, listRemove } from './lists.ts';
import { notifyChannels, notifyDeliveries, notifySecretRemove, notifySecretSet, notifyTest } from './notify.ts';
import { policyApply, policyDiff, policyGet, policyHistory, policyRollback, policySet, policyShow } from './policy.ts';
import { policyEdit } from './policy-edit.ts';
import { policyFields } from './policy-fields.ts';
import { policyImport } from './policy-import.ts';
import { PolicyTrials } from './policy-try.ts';
import { health } from './health.ts';
import { KeptReports } from './kept-reports.ts';
import { report, reportChart, reportCsvFile, reportHtmlFile, reportOf, reportTextFile } from './reports.ts';
import { statistics } from './statistics.ts';
import { status } from './status.ts';
import { viewRemove, views, viewSave } from './views.ts';

export function createOperations(context: OperationsContext) {
  const imports = new ListImports(context);
  const trials = new PolicyTrials(context);
  const reports = new KeptReports(context, (day) => reportOf(context, day));
  return {
    identity: identityOperations(context),
    status: () => status(context),
    health: () => health(context),
    about: () => about(context),
    statistics: (input: unknown) => statistics(context, input),
    report: (day: unknown, query: unknown) => report(context, reports, day, query),
    reportHtml: (day: unknown, query: unknown) => reportHtmlFile(context, day, query),
    reportText: (day: unknown, query: unknown) => reportTextFile(context, day, query),
    reportCsv: (day: unknown, query: unknown) => reportCsvFile(context, day, query),
    reportChart: (day: unknown, query: unknown) => reportChart(context, day, query),
    attacks: (filter: unknown) => attacks(context, filter),
    attack: (id: unknown) => attack(context, id),
    attackPcap: (id: unknown) => attackPcap(context, id),
    views: () => views(context),
    viewSave: (input: unknown) => viewSave(context, input),
    viewRemove: (name: unknown) => viewRemove(context, name),
    events: (input: unknown) => events(context, input),
    blocked: (filter: unknown) => blocked(context, filter),
    block: (input: unknown) => block(context, input),
    extend: (input: unknown) => extend(context, input),
    promote: (input: unknown) => promote(context, input),
    audit: (input: unknown) => audit(context, input),
    backups: () => backups(context),
    backupMake: () => backupMake(context),
    backupRemove: (name: unknown) => backupRemove(context, name),
    backupRestore: (name: unknown, input: unknown) => backupRestore(context, name, input),
    unblock: (address: unknown) => unblock(context, address),
    explain: (address: unknown) => explain(context, address),
    listEntries: (list: unknown, query: unknown) => listEntries(context, list, query),
    listImportFile: (list: unknown, query: unknown, body: unknown) =>
      listImportFile(imports, context.now, list, query, body),
    listImportBegin: (list: unknown, input: unknown) => imports.begin(list, input),
    listImportStage: (id: unknown, input: unknown) => imports.stage(id, input),
    listImportEnd: (id: unknown, input: unknown) => imports.end(id, input),
    listImportAbort: (id: unknown) => imports.abort(id),
    listAdd: (list: unknown, input: unknown) => listAdd(context, list, input),
    listRemove: (list: unknown, range: unknown) => listRemove(context, list, range),
    geoStatus: () => geoStatus(context),
    geoLookup: (input: unknown) => geoLookup(context, input),
    geoCountries: () => geoCountries(context),
    geoUpdate: (input: unknown) => geoUpdate(context, input),
    geoPreview: (input: unknown) => geoPreview(context, input),
    feeds: () => feeds(context),
    feedShow: (name: unknown) => feedShow(context, name),
    feedsRefresh: (name?: unknown) => feedsRefresh(context, name),
    feedAdd: (input: unknown) => feedAdd(context, input),
    feedRemove: (name: unknown) => feedRemove(context, name),
    notifyChannels: () => notifyChannels(context),
    notifyDeliveries: (input: unknown) => notifyDeliveries(context, input),
    notifyTest: (name: unknown) => notifyTest(context, name),
    notifySecretSet: (name: unknown, input: unknown) => notifySecretSet(context, name, input),
    notifySecretRemove: (name: unknown) => notifySecretRemove(context, name),
    policyShow: (version?: unknown) => policyShow(context, version),
    policyHistory: () => policyHistory(context),
    policyGet: (input: unknown) => policyGet(context, input),
    policyDiff: (input: unknown) => policyDiff(context, input),
    policyFields,
    policyTry: (input: unknown) => trials.run(input),
    policyEdit: (input: unknown) => policyEdit(context, input),
    policyImport: (input: unknown) => policyImport(context, input),
    policySet: (input: unknown) => policySet(context, input),
    policyApply: (input: unknown) => policyApply(context, input),
    policyRollback: (input: unknown) => policyRollback(context, input),
  };
}

export type Operations = ReturnType<typeof createOperations>;
