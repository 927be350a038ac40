/**
 * `node src/store/sqlite/testing/write-schemas.ts`: for each schema that has no file yet (`schema-NNN.db.gz`), the database of the schema before brought to
 * it, with rows in the shape of that time. `schema-001.db` was written by the first version.
 *
 * Invariant: a file that is there is never written again. It is what somebody's disk holds.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync, gzipSync } from 'node:zlib';
import { migrate, MIGRATIONS, migrations } from '../migrate.ts';

const T0 = 1_767_225_600_000;
const DAY_MS = 86_400_000;

/** What a schema brought; written when it was the newest. */
const NEW_ROWS: Record<number, string> = {
  2: `INSERT INTO lists (list, family, span, first, last, comment, added_by, added_at, until)
        VALUES ('allow', 0, 0, CAST('sip.example.org' AS BLOB), CAST('sip.example.org' AS BLOB), 'trunk', 'administrator', ${T0 + 3}, NULL),
               ('deny', 4, 8, x'cb007200', x'cb0072ff', 'for a month', 'administrator', ${T0 + 3}, ${T0 + 30 * DAY_MS});
      INSERT INTO list_imports (list, begun, done) VALUES ('deny', ${T0}, ${T0 + 1});
      INSERT INTO audit (at, who, origin, what, subject, before, after, comment)
        VALUES (${T0 + 3}, 'administrator', 'local socket', 'deny.add', '203.0.114.0/24', NULL, '{"range":"203.0.114.0/24"}', 'for a month');
      UPDATE incidents SET country = 'NL', asn = 64500, network = 'Example Net' WHERE id = 'i2';`,
  3: `INSERT INTO views (owner, name, filter, saved_at) VALUES ('administrator', 'mine', '{"kind":"flood"}', ${T0 + 4});`,
  4: `INSERT INTO accounts (name, role, disabled, password, totp_secret, totp_step, created_at, signed_in_at)
        VALUES ('Anna', 'administrator', 0, '$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g', 'JBSWY3DPEHPK3PXP', 7, ${T0 + 5}, ${T0 + 6}),
               ('gone', 'viewer', 1, NULL, NULL, 0, ${T0 + 5}, NULL);
      INSERT INTO recovery_codes (account, digest) VALUES (1, x'${'a1'.repeat(32)}');
      INSERT INTO sessions (digest, account, created_at, seen_at, address, agent)
        VALUES (x'${'b2'.repeat(32)}', 1, ${T0 + 6}, ${T0 + 6}, '192.0.2.10', 'Firefox');
      INSERT INTO tokens (digest, name, account, scopes, created_at, until, used_at)
        VALUES (x'${'c3'.repeat(32)}', 'grafana', 1, '["metrics"]', ${T0 + 6}, NULL, ${T0 + 7});
      INSERT INTO links (digest, account, until, without_factor) VALUES (x'${'d4'.repeat(32)}', 1, ${T0 + DAY_MS}, 0);`,
  5: `INSERT INTO notify_followed (incident, action, campaign) VALUES ('i1', 'block', NULL);
      INSERT INTO notify_facts (incident, event, action, before, thread, at, queued, campaign)
        VALUES ('i1', 'opened', 'block', NULL, '203.0.113.7', ${T0}, 10, NULL);
      INSERT INTO notify_notices (id, at, queued, body) VALUES ('trouble-x-1', ${T0}, 10, '{"kind":"trouble"}');
      INSERT INTO notify_held (channel, notice, cause, queued) VALUES ('office', 'trouble-x-1', 'quiet', 10);
      INSERT INTO notify_deliveries (notice, channel, recipient, message_id, at, queued, due, reason)
        VALUES ('trouble-x-1', 'office', 'fw@example.org', '<1@example.org>', ${T0}, 10, 10, 'trouble');
      INSERT INTO notify_state (name, value) VALUES ('event-row', '1'), ('incident-row', '2');`,
  6: `INSERT INTO blocks (target, address, scope, port, transport, since, until, reason, finding, incident, origin, dropped)
        VALUES ('203.0.113.9:5062/udp', '203.0.113.9', 'port', 5062, 'udp', ${T0 + 7}, ${T0 + DAY_MS}, 'register-bruteforce.bad-registrations', NULL, NULL, 'automatic', 12),
               ('198.51.100.0/24', '198.51.100.0', 'network', NULL, NULL, ${T0 + 7}, NULL, 'asked for', NULL, NULL, 'manual', 0);
      UPDATE incidents SET scope = 'port', target = '203.0.113.7:5071/udp', proof = 'nonce' WHERE id = 'i1';`,
  7: `INSERT INTO kept_reports (day, zone, made_at, report) VALUES ('2025-12-31', 'Europe/Berlin', ${T0 + 8}, '{"day":"2025-12-31"}');`,
};

export const schemaFile = (number: number) =>
  join(import.meta.dirname, `schema-${String(number).padStart(3, '0')}.db${number === 1 ? '' : '.gz'}`);

/** The bytes of a database as that schema left it; null: nobody has kept one. */
export function databaseOfSchema(number: number): Uint8Array | null {
  const file = schemaFile(number);
  if (!existsSync(file)) return null;
  const bytes = readFileSync(file);
  return number === 1 ? bytes : gunzipSync(bytes);
}

function write(number: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'rf-schemas-'));
  const file = join(folder, 'file.db');
  const sql = join(folder, 'migrations');
  mkdirSync(sql);
  for (const { number: one, file: from } of migrations(MIGRATIONS))
    if (one <= number) copyFileSync(from, join(sql, basename(from)));
  writeFileSync(file, databaseOfSchema(number - 1)!);
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = DELETE');
  migrate(db, sql);
  db.exec(NEW_ROWS[number]);
  db.close();
  writeFileSync(schemaFile(number), gzipSync(readFileSync(file), { level: 9 }));
  rmSync(folder, { recursive: true });
}

if (import.meta.main)
  for (const { number } of migrations(MIGRATIONS)) if (!existsSync(schemaFile(number))) write(number);
