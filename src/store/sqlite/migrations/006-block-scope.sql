-- A block covers one phone (address, port and transport), an address, or a network; `target` says it in one word, and is what tells
-- two blocks of one address apart. Incidents and verdicts say whom their action is about, and why the evidence is believed.

DROP INDEX blocks_in_force;
DROP INDEX blocks_newest;
ALTER TABLE blocks RENAME TO blocks_003;

CREATE TABLE blocks (
  n         INTEGER PRIMARY KEY,
  target    TEXT    NOT NULL,
  address   TEXT    NOT NULL,  -- of a network its prefix
  scope     TEXT    NOT NULL CHECK (scope IN ('port', 'address', 'network')),
  port      INTEGER,
  transport TEXT,
  since     INTEGER NOT NULL,
  until     INTEGER,
  reason    TEXT    NOT NULL,
  finding   TEXT,
  incident  TEXT,
  origin    TEXT    NOT NULL,
  dropped   INTEGER NOT NULL,
  ended     INTEGER,
  how       TEXT,
  UNIQUE (target, since)
) STRICT;

INSERT INTO blocks (n, target, address, scope, since, until, reason, finding, incident, origin, dropped, ended, how)
  SELECT n, address, address, 'address', since, until, reason, finding, incident, origin, dropped, ended, how FROM blocks_003;
DROP TABLE blocks_003;

CREATE INDEX blocks_in_force ON blocks (address, until) WHERE ended IS NULL;
CREATE INDEX blocks_newest ON blocks (since) WHERE ended IS NULL;
-- "All blocks of this address", with those of its phones.
CREATE INDEX blocks_address ON blocks (address, since);

-- Null: the source. Adding a column writes no row.
ALTER TABLE incidents ADD COLUMN scope TEXT NOT NULL DEFAULT 'address';
ALTER TABLE incidents ADD COLUMN target TEXT;
ALTER TABLE incidents ADD COLUMN proof TEXT;
ALTER TABLE incidents ADD COLUMN argument TEXT;  -- JSON; null: there is none
ALTER TABLE verdicts ADD COLUMN scope TEXT NOT NULL DEFAULT 'address';
ALTER TABLE verdicts ADD COLUMN target TEXT;
ALTER TABLE verdicts ADD COLUMN proof TEXT;
ALTER TABLE verdicts ADD COLUMN argument TEXT;  -- JSON; null: there is none
