-- The first schema. Every table has a rowid (n), so that a damaged file can be read range by range (salvage.ts).
-- Times are milliseconds since the epoch. STRICT: a flipped bit that turns a number into a text is found by quick_check.

-- The hot table: upserted several times a second while an attack goes on. Two indexes are all it bears (stack: index cost
-- dominates): the id, and the time of the last message, which lists and retention go by.
CREATE TABLE incidents (
  n              INTEGER PRIMARY KEY,
  id             TEXT    NOT NULL UNIQUE,
  source         TEXT    NOT NULL,
  kind           TEXT    NOT NULL,
  victim         TEXT    NOT NULL,
  first          INTEGER NOT NULL,
  last           INTEGER NOT NULL,
  closed         INTEGER,
  count          INTEGER NOT NULL,
  dropped        INTEGER NOT NULL,
  source_port    INTEGER NOT NULL,
  victim_port    INTEGER NOT NULL,
  transport      TEXT    NOT NULL,
  users_total    INTEGER NOT NULL,
  users          TEXT    NOT NULL,  -- JSON array
  files          TEXT    NOT NULL,  -- JSON array
  user_agent     TEXT,
  action         TEXT    NOT NULL,
  reason         TEXT    NOT NULL,
  finding        TEXT    NOT NULL,
  evidence_count INTEGER NOT NULL DEFAULT 0,
  evidence_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX incidents_last ON incidents (last);

-- The digest makes a report that is sent twice one row.
CREATE TABLE evidence (
  n            INTEGER PRIMARY KEY,
  incident     TEXT    NOT NULL,
  digest       BLOB    NOT NULL,
  at           INTEGER NOT NULL,
  side         TEXT    NOT NULL,
  transport    TEXT    NOT NULL,
  from_address TEXT    NOT NULL,
  from_port    INTEGER NOT NULL,
  to_address   TEXT    NOT NULL,
  to_port      INTEGER NOT NULL,
  length       INTEGER NOT NULL,
  bytes        BLOB    NOT NULL,
  UNIQUE (incident, digest)
) STRICT;

CREATE TABLE verdicts (
  n             INTEGER PRIMARY KEY,
  at            INTEGER NOT NULL,
  source        TEXT    NOT NULL,
  source_port   INTEGER NOT NULL,
  victim        TEXT    NOT NULL,
  victim_port   INTEGER NOT NULL,
  transport     TEXT    NOT NULL,
  action        TEXT    NOT NULL,
  reason        TEXT    NOT NULL,
  finding       TEXT    NOT NULL,
  kind          TEXT    NOT NULL,
  count         INTEGER NOT NULL,
  threshold     INTEGER NOT NULL,
  window_ms     INTEGER NOT NULL,
  until         INTEGER,
  blocks_before INTEGER NOT NULL,
  incident      TEXT    NOT NULL,
  UNIQUE (incident, at, action, reason)
) STRICT;

-- In force while `ended` is null; afterwards the history that `permanentAfter` counts.
CREATE TABLE blocks (
  n        INTEGER PRIMARY KEY,
  address  TEXT    NOT NULL,
  since    INTEGER NOT NULL,
  until    INTEGER,
  reason   TEXT    NOT NULL,
  finding  TEXT,
  incident TEXT,
  origin   TEXT    NOT NULL,
  dropped  INTEGER NOT NULL,
  ended    INTEGER,
  how      TEXT,
  UNIQUE (address, since)
) STRICT;
CREATE INDEX blocks_in_force ON blocks (address) WHERE ended IS NULL;

CREATE TABLE lists (
  n        INTEGER PRIMARY KEY,
  list     TEXT    NOT NULL CHECK (list IN ('allow', 'deny')),
  range    TEXT    NOT NULL,
  comment  TEXT    NOT NULL,
  added_by TEXT    NOT NULL,
  added_at INTEGER NOT NULL,
  UNIQUE (list, range)
) STRICT;

CREATE TABLE policy_versions (
  n       INTEGER PRIMARY KEY AUTOINCREMENT,  -- the version; never given twice
  at      INTEGER NOT NULL,
  author  TEXT    NOT NULL,
  comment TEXT    NOT NULL,
  text    TEXT    NOT NULL
) STRICT;

CREATE TABLE events (
  n     INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,
  level TEXT    NOT NULL,
  code  TEXT    NOT NULL,
  text  TEXT    NOT NULL,
  UNIQUE (at, code, text)
) STRICT;
