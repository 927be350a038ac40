-- People are told once, after a crash too: what was seen, what waits, what was sent. Every table has a named maximum (notify-table.ts).
-- `queued` and `due` are times of the stages' own steady clock (notify/clock.ts); `at` is the time on the wall.

-- Open incidents that people were or will be told of, and the step that they know.
CREATE TABLE notify_followed (
  n        INTEGER PRIMARY KEY,
  incident TEXT    NOT NULL UNIQUE,
  action   TEXT    NOT NULL,
  campaign TEXT               -- told with that campaign; null: on its own
) STRICT;

-- What happened and is not told yet. Of a campaign: until its end.
CREATE TABLE notify_facts (
  n        INTEGER PRIMARY KEY,
  incident TEXT    NOT NULL,
  event    TEXT    NOT NULL,  -- opened, escalated, ended
  action   TEXT    NOT NULL,
  before   TEXT,
  thread   TEXT    NOT NULL,  -- what is told together
  at       INTEGER NOT NULL,
  queued   INTEGER NOT NULL,
  campaign TEXT,
  UNIQUE (incident, event, action)
) STRICT;
CREATE INDEX notify_facts_waiting ON notify_facts (queued) WHERE campaign IS NULL;
CREATE INDEX notify_facts_thread ON notify_facts (thread) WHERE campaign IS NULL;

-- The id makes a notice that is made again (a crash, a clock that went back) the same one.
CREATE TABLE notify_notices (
  n      INTEGER PRIMARY KEY,
  id     TEXT    NOT NULL UNIQUE,
  at     INTEGER NOT NULL,
  queued INTEGER NOT NULL,
  body   TEXT    NOT NULL   -- JSON
) STRICT;

-- Held back by the cap, quiet hours or an outage, until the digest.
CREATE TABLE notify_held (
  n       INTEGER PRIMARY KEY,
  channel TEXT    NOT NULL,
  notice  TEXT    NOT NULL,
  cause   TEXT    NOT NULL,
  queued  INTEGER NOT NULL,
  UNIQUE (channel, notice)
) STRICT;

-- The outbox: one row for each recipient.
CREATE TABLE notify_deliveries (
  n          INTEGER PRIMARY KEY,
  notice     TEXT    NOT NULL,
  channel    TEXT    NOT NULL,
  recipient  TEXT    NOT NULL,
  message_id TEXT    NOT NULL,
  at         INTEGER NOT NULL,
  queued     INTEGER NOT NULL,
  due        INTEGER NOT NULL,
  tries      INTEGER NOT NULL DEFAULT 0,
  state      TEXT    NOT NULL DEFAULT 'waiting',  -- delivered, refused, given-up
  reason     TEXT    NOT NULL,                    -- why it was let through, held, tried again
  answer     TEXT,                                -- the server's own words
  tried_at   INTEGER,
  UNIQUE (notice, channel, recipient)
) STRICT;
CREATE INDEX notify_deliveries_due ON notify_deliveries (channel, due) WHERE state = 'waiting';
CREATE INDEX notify_deliveries_sent ON notify_deliveries (channel, queued);

CREATE TABLE notify_state (
  n     INTEGER PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL         -- JSON
) STRICT;
