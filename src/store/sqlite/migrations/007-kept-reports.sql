-- The latest report that was made of a day: shown at once, while a newer one is counted. A damaged database begins without any.
CREATE TABLE kept_reports (
  n       INTEGER PRIMARY KEY,
  day     TEXT    NOT NULL,  -- 2026-11-21
  zone    TEXT    NOT NULL,  -- IANA name
  made_at INTEGER NOT NULL,
  report  TEXT    NOT NULL,  -- JSON
  UNIQUE (day, zone)
) STRICT;
