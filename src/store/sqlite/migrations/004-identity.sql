-- Who may come in. Secrets are digests (SHA-256 of 256 random bits, Argon2id of passwords); only totp_secret must be readable.
CREATE TABLE accounts (
  n            INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: a session of a removed account must not become a new one's
  name         TEXT    NOT NULL UNIQUE COLLATE NOCASE,
  role         TEXT    NOT NULL CHECK (role IN ('administrator', 'viewer')),
  disabled     INTEGER NOT NULL,
  password     TEXT,
  totp_secret  TEXT,
  totp_step    INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  signed_in_at INTEGER
) STRICT;

CREATE TABLE recovery_codes (
  n       INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  digest  BLOB    NOT NULL,
  UNIQUE (account, digest)
) STRICT;

CREATE TABLE sessions (
  n          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: who ends an old one must not end the next
  digest     BLOB    NOT NULL UNIQUE,
  account    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at    INTEGER NOT NULL,
  address    TEXT    NOT NULL,
  agent      TEXT    NOT NULL
) STRICT;

CREATE TABLE tokens (
  n          INTEGER PRIMARY KEY AUTOINCREMENT,
  digest     BLOB    NOT NULL UNIQUE,
  name       TEXT    NOT NULL,
  account    INTEGER,
  scopes     TEXT    NOT NULL,  -- JSON array
  created_at INTEGER NOT NULL,
  until      INTEGER,
  used_at    INTEGER
) STRICT;

CREATE TABLE links (
  n              INTEGER PRIMARY KEY,
  digest         BLOB    NOT NULL UNIQUE,
  account        INTEGER,
  until          INTEGER NOT NULL,
  without_factor INTEGER NOT NULL
) STRICT;
