-- List entries become numbers, so that overlaps are found by an index and a million of them are read in a second. `range_*` are
-- functions of the program (range-key.ts).

ALTER TABLE lists RENAME TO lists_001;

CREATE TABLE lists (
  n        INTEGER PRIMARY KEY,
  list     TEXT    NOT NULL CHECK (list IN ('allow', 'deny')),
  family   INTEGER NOT NULL CHECK (family IN (0, 4, 6)),  -- 0: a host name
  span     INTEGER NOT NULL,  -- bits of last - first: 0 for one address, 8 for a /24 in IPv4
  first    BLOB    NOT NULL,  -- 4 or 16 bytes, so that bytes compare as numbers; of a host name its text
  last     BLOB    NOT NULL,
  comment  TEXT    NOT NULL,
  added_by TEXT    NOT NULL,
  added_at INTEGER NOT NULL,
  until    INTEGER,           -- null: no end
  -- An import becomes true in one moment: its rows carry its number and are invisible until it is done; the rows that it
  -- replaces carry its number in `died` and are visible until then (list-import.ts).
  born     INTEGER NOT NULL DEFAULT 0,
  died     INTEGER,
  CHECK (family = 0 OR (length(first) = iif(family = 4, 4, 16) AND length(last) = length(first)))
) STRICT;

INSERT INTO lists (n, list, family, span, first, last, comment, added_by, added_at)
  SELECT n, list, range_family(range), range_span(range), range_first(range), range_last(range), comment, added_by, added_at
    FROM lists_001 WHERE range_family(range) IS NOT NULL;
DROP TABLE lists_001;

CREATE UNIQUE INDEX lists_range ON lists (list, family, span, first, last, born);
CREATE INDEX lists_until ON lists (until) WHERE until IS NOT NULL;
CREATE INDEX lists_names ON lists (list) WHERE family = 0;

CREATE TABLE list_imports (
  n     INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: rows of an old import must not become those of a new one
  list  TEXT    NOT NULL,
  begun INTEGER NOT NULL,
  done  INTEGER                             -- null: not yet, or given up
) STRICT;

-- Every change that a person made, and what was before. Only ever added to.
CREATE TABLE audit (
  n       INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  who     TEXT    NOT NULL,
  origin  TEXT    NOT NULL,  -- from where: 'local socket', an address
  what    TEXT    NOT NULL,  -- deny.add, policy.set …
  subject TEXT    NOT NULL,  -- range, address, name; of a policy change its version
  before  TEXT,              -- JSON; null: there was nothing
  after   TEXT,              -- JSON; null: there is nothing any more
  comment TEXT    NOT NULL
) STRICT;

-- Where a source is, as it was known when its attack began.
ALTER TABLE incidents ADD COLUMN country TEXT;
ALTER TABLE incidents ADD COLUMN asn INTEGER;
ALTER TABLE incidents ADD COLUMN network TEXT;
