/** The versions of the policy, as the texts that were given. Going back makes a new version, so that the history stays true. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { renderPolicy } from '../../policy/render.ts';
import { defaultDocument } from '../../policy/default-document.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import { parsePolicy } from '../../policy/yaml-file.ts';
import { StoreError } from '../error.ts';
import type { Change, PolicyVersion } from '../store.ts';
import { PROSE_CHARS_MAX, int, text } from './values.ts';
import type { Row } from './values.ts';

const PAGE_MAX = 1000;

/** How far back `document` looks for a version that is still valid (after an update of the schema). */
const FALLBACK_VERSIONS_MAX = 50;

export class PolicyTable {
  readonly #latest: StatementSync;
  readonly #byVersion: StatementSync;
  readonly #add: StatementSync;

  constructor(db: DatabaseSync) {
    this.#latest = db.prepare('SELECT * FROM policy_versions ORDER BY n DESC LIMIT ?');
    this.#byVersion = db.prepare('SELECT * FROM policy_versions WHERE n = ?');
    this.#add = db.prepare('INSERT INTO policy_versions (at, author, comment, text) VALUES (?, ?, ?, ?)');
  }

  current(): PolicyVersion {
    return this.history(1)[0] ?? builtIn();
  }

  history(limit: number): PolicyVersion[] {
    return (this.#latest.all(Math.max(1, Math.min(PAGE_MAX, Math.trunc(limit)))) as Row[]).map(toVersion);
  }

  set(policyText: string, change: Change): PolicyVersion {
    const parsed = parsePolicy(policyText, 'policy');
    if ('errors' in parsed) {
      const message = `the policy has ${parsed.errors.length === 1 ? 'an error' : `${parsed.errors.length} errors`}`;
      throw new StoreError('store-policy-invalid', message, { policyErrors: parsed.errors });
    }
    return this.add(policyText, change);
  }

  /** Invariant: the text is a valid policy. */
  add(policyText: string, change: Change): PolicyVersion {
    const current = this.current();
    if (current.text === policyText && current.version > 0) return current;
    this.#add.run(int(change.now), text(change.by), text(change.comment ?? '', PROSE_CHARS_MAX), policyText);
    return this.current();
  }

  rollback(version: number, change: Change): PolicyVersion {
    const row = version === 0 ? null : (this.#byVersion.get(int(version)) as Row | undefined);
    if (row === undefined) throw new StoreError('store-version-unknown', `there is no policy version ${version}`);
    const target = row === null ? builtIn() : toVersion(row);
    return this.set(target.text, { ...change, comment: change.comment ?? `back to version ${version}` });
  }

  /**
   * The latest version that is valid, the built-in default when there is none, and the newer versions that are not: a text that an
   * earlier Ringfence accepted may be refused by a later one.
   */
  document(): { document: PolicyDocument; skipped: PolicyVersion[] } {
    const skipped: PolicyVersion[] = [];
    for (const version of this.history(FALLBACK_VERSIONS_MAX)) {
      const parsed = parsePolicy(version.text, 'policy');
      if ('document' in parsed) return { document: parsed.document, skipped };
      skipped.push(version);
    }
    return { document: defaultDocument, skipped };
  }
}

let builtInText: string | null = null;

/** Its text is written when somebody reads it, and once: some 10 ms, and every answer to `status` asks for the version. */
function builtIn(): PolicyVersion {
  return {
    ...{ version: 0, at: 0, by: 'ringfence', comment: 'the built-in default' },
    get text() {
      return (builtInText ??= renderPolicy(defaultDocument));
    },
  };
}

function toVersion(row: Row): PolicyVersion {
  return { version: row.n, at: row.at, by: row.author, comment: row.comment, text: row.text };
}
