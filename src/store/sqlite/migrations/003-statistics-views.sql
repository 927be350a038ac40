-- What the console in the browser asks at a million incidents and 100,000 blocks, and what it keeps for people.

-- "Earlier attacks of this source", and every question for one address. Sources come in no order, so an insert dirties a page of its own:
-- 5 µs of 35 for each incident at 400,000 (2 cores, busy). With `last` in it, for pages without sorting, it would be 20, and more with each update.
CREATE INDEX incidents_source ON incidents (source);
-- The attacks that are going on now: some, of a million.
CREATE INDEX incidents_open ON incidents (last) WHERE closed IS NULL;
CREATE INDEX verdicts_source ON verdicts (source);

-- With `until`, so that blocks in force are counted without reading their rows.
DROP INDEX blocks_in_force;
CREATE INDEX blocks_in_force ON blocks (address, until) WHERE ended IS NULL;
CREATE INDEX blocks_newest ON blocks (since) WHERE ended IS NULL;

-- What was counted in one hour or day (`span`, milliseconds) that begins at `at`, in one dimension (kinds, sources, victims …): its
-- largest keys and their counts, as JSON (statistics-tally.ts). One row holds them all: it is read, changed and written as one.
CREATE TABLE statistics (
  n         INTEGER PRIMARY KEY,
  span      INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  dimension TEXT    NOT NULL,
  tally     TEXT    NOT NULL,
  UNIQUE (span, at, dimension)
) STRICT;

-- Filters of the attack log that somebody gave a name.
CREATE TABLE views (
  n        INTEGER PRIMARY KEY,
  owner    TEXT    NOT NULL,
  name     TEXT    NOT NULL,
  filter   TEXT    NOT NULL,  -- JSON
  saved_at INTEGER NOT NULL,
  UNIQUE (owner, name)
) STRICT;
