/** A worker thread: one trial, and its result as the only message. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PolicyDocument } from '../policy/schema.ts';
import type { TrialRecord } from './record.ts';
import { tryRecords } from './records-trial.ts';

export interface RecordsTrial {
  records: readonly TrialRecord[];
  present: PolicyDocument;
  changed: PolicyDocument;
}

const { records, present, changed } = workerData as RecordsTrial;
parentPort!.postMessage(tryRecords(records, present, changed));
