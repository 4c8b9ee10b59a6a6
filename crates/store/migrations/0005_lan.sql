-- What stations of one school tell each other on the LAN. An older binary does not look at it, and adds nothing to `told`.
-- `mark` is drawn anew for each line, so that a line of another life of this store (a restored copy) is known as another line.
CREATE TABLE told (
  seq         INTEGER PRIMARY KEY,
  collected   INTEGER NOT NULL CHECK (collected IN (0, 1)),
  campaign_id TEXT    NOT NULL,
  person_key  TEXT    NOT NULL,
  order_id    TEXT    NOT NULL,
  at_ms       INTEGER NOT NULL,
  mark        BLOB    NOT NULL CHECK (length(mark) = 16)
) STRICT;
CREATE INDEX told_by_order ON told (order_id, seq);

-- `subject` is a keyed hash of campaign and person, as it came.
CREATE TABLE heard (
  station_id  TEXT    NOT NULL,
  order_id    TEXT    NOT NULL,
  campaign_id TEXT    NOT NULL,
  subject     BLOB    NOT NULL CHECK (length(subject) = 16),
  at_ms       INTEGER NOT NULL,
  PRIMARY KEY (station_id, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX heard_by_subject ON heard (campaign_id, subject);

CREATE TABLE neighbours (
  station_id TEXT PRIMARY KEY,
  name       TEXT    NOT NULL,
  seq        INTEGER NOT NULL CHECK (seq >= 0),
  mark       BLOB    NOT NULL CHECK (length(mark) = 16)
) STRICT, WITHOUT ROWID;

-- What was collected before this version is told, too.
INSERT INTO told (collected, campaign_id, person_key, order_id, at_ms, mark)
  SELECT 1, campaign_id, person_key, id, created_at_ms, randomblob(16) FROM orders
  WHERE link_kind IS NULL AND withdrawn = 0 AND state NOT IN ('closed', 'refunded')
  ORDER BY created_at_ms, id;
