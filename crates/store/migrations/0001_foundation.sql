-- Times are milliseconds since 1970 UTC. Identifiers are UUID text, hashes 32 bytes, money whole fen, sizes pixels.
CREATE TABLE identity (
  only           INTEGER PRIMARY KEY CHECK (only = 1),
  station_id     TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  center_url     TEXT    NOT NULL,
  school_code    TEXT    NOT NULL,
  signing_seed   BLOB    NOT NULL CHECK (length(signing_seed) = 32),
  server_key     BLOB    NOT NULL CHECK (length(server_key) = 32),
  feed_cursor    INTEGER NOT NULL CHECK (feed_cursor >= 0),
  enrolled_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE campaigns (
  id                TEXT PRIMARY KEY,
  title             TEXT    NOT NULL,
  school_code       TEXT    NOT NULL,
  school_name       TEXT    NOT NULL,
  job               TEXT    NOT NULL,
  number_prefix     TEXT    NOT NULL,
  price_fen         INTEGER NOT NULL CHECK (price_fen >= 0),
  collection        TEXT    NOT NULL,
  pictures          TEXT    NOT NULL,
  spec              TEXT    NOT NULL,
  opens_at_ms       INTEGER NOT NULL,
  closes_at_ms      INTEGER NOT NULL,
  retake_tries      INTEGER NOT NULL,
  retake_within_ms  INTEGER NOT NULL,
  consent_version   TEXT    NOT NULL
) STRICT;

CREATE TABLE feature_codes (
  campaign_id TEXT    NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  code        TEXT    NOT NULL,
  school_code TEXT    NOT NULL,
  from_ms     INTEGER NOT NULL,
  until_ms    INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
  row_id          INTEGER PRIMARY KEY,
  campaign_id     TEXT    NOT NULL REFERENCES campaigns (id),
  person_key      TEXT    NOT NULL,
  position        INTEGER NOT NULL,
  name TEXT, masked_name TEXT, id_number TEXT, masked_id TEXT, sex TEXT, student_number TEXT, exam_number TEXT,
  school_code TEXT, faculty TEXT, major TEXT, level TEXT, years TEXT, class TEXT, entry_year TEXT,
  graduation_year TEXT, phone TEXT,
  -- Readings of the name, each with a blank before it: ' zhangsan zhangcan', ' zs zc'.
  pinyin_full     TEXT    NOT NULL,
  pinyin_initials TEXT    NOT NULL,
  id_last4        TEXT,
  id_index        BLOB,
  UNIQUE (campaign_id, person_key)
) STRICT;
-- Holds all that a search looks at, so that it reads this and not the rows.
CREATE INDEX people_by_words ON people
  (campaign_id, pinyin_initials, pinyin_full, name, masked_name, student_number, id_last4, position, person_key);
CREATE INDEX people_by_id ON people (campaign_id, id_index) WHERE id_index IS NOT NULL;
CREATE INDEX people_by_position ON people (campaign_id, position);
CREATE INDEX people_by_name ON people (campaign_id, name) WHERE name IS NOT NULL;

CREATE TABLE collected (
  row_id      INTEGER PRIMARY KEY,
  campaign_id TEXT    NOT NULL,
  person_key  TEXT    NOT NULL,
  at_ms       INTEGER NOT NULL,
  order_id    TEXT,
  station_id  TEXT
) STRICT;
CREATE UNIQUE INDEX collected_once ON collected
  (campaign_id, person_key, coalesce(order_id, at_ms), coalesce(station_id, ''));

CREATE TABLE slots (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id  TEXT    NOT NULL REFERENCES campaigns (id),
  person_key   TEXT    NOT NULL,
  retake_of    TEXT REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
  opened_at_ms INTEGER NOT NULL,
  closed_at_ms INTEGER
) STRICT;
-- A scan opens exactly one slot.
CREATE UNIQUE INDEX slots_one_open ON slots ((1)) WHERE closed_at_ms IS NULL;

CREATE TABLE shots (
  id              TEXT PRIMARY KEY,
  campaign_id     TEXT REFERENCES campaigns (id),
  slot_id         INTEGER REFERENCES slots (id),
  blob            BLOB    NOT NULL CHECK (length(blob) = 32),
  bytes           INTEGER NOT NULL CHECK (bytes >= 0),
  captured_at_ms  INTEGER NOT NULL,
  camera_sequence INTEGER NOT NULL,
  original_width  INTEGER NOT NULL,
  original_height INTEGER NOT NULL,
  crop_x INTEGER, crop_y INTEGER, crop_width INTEGER, crop_height INTEGER,
  verdict         TEXT,
  findings_json   TEXT,
  fate            TEXT    NOT NULL
                  CHECK (fate IN ('unconfirmed', 'accepted', 'retaken', 'discarded', 'orphan')),
  fate_at_ms      INTEGER NOT NULL,
  order_id        TEXT REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
  CHECK (slot_id IS NOT NULL OR fate IN ('orphan', 'discarded')),
  CHECK ((fate = 'accepted') = (order_id IS NOT NULL))
) STRICT;
CREATE INDEX shots_by_slot ON shots (slot_id);
CREATE INDEX shots_by_time ON shots (captured_at_ms, id);
CREATE INDEX shots_by_blob ON shots (blob);
CREATE INDEX shots_open ON shots (fate, captured_at_ms) WHERE fate IN ('unconfirmed', 'orphan');

CREATE TABLE consents (
  id           TEXT PRIMARY KEY,
  text_version TEXT    NOT NULL,
  language     TEXT    NOT NULL,
  at_ms        INTEGER NOT NULL,
  asked_by     TEXT    NOT NULL
) STRICT;

CREATE TABLE orders (
  id               TEXT PRIMARY KEY,
  number           TEXT    NOT NULL UNIQUE,
  campaign_id      TEXT    NOT NULL REFERENCES campaigns (id),
  station_id       TEXT    NOT NULL,
  person_key       TEXT    NOT NULL,
  name TEXT, masked_name TEXT, id_number TEXT, masked_id TEXT, sex TEXT, student_number TEXT, exam_number TEXT,
  school_code TEXT, faculty TEXT, major TEXT, level TEXT, years TEXT, class TEXT, entry_year TEXT,
  graduation_year TEXT, phone TEXT,
  created_at_ms    INTEGER NOT NULL,
  state            TEXT    NOT NULL,
  photo_revision   INTEGER NOT NULL,
  withdrawn        INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  tries            INTEGER NOT NULL,
  retake_tries     INTEGER NOT NULL,
  retake_within_ms INTEGER NOT NULL,
  rejected_for     TEXT,
  rejected_note    TEXT,
  rejected_at_ms   INTEGER,
  rejected_until_ms INTEGER,
  price_fen        INTEGER NOT NULL CHECK (price_fen >= 0),
  paid_fen         INTEGER NOT NULL CHECK (paid_fen >= 0),
  refunded_fen     INTEGER NOT NULL CHECK (refunded_fen BETWEEN 0 AND paid_fen),
  payment_id       TEXT,
  refund_id        TEXT,
  collection       TEXT    NOT NULL,
  address          TEXT,
  consent_id       TEXT    NOT NULL REFERENCES consents (id),
  link_kind        TEXT,
  link_order_id    TEXT,
  held_by          TEXT,
  -- The delivery axis; follows the outbox and is written by it alone.
  delivery         TEXT    NOT NULL DEFAULT 'local',
  last_rev         INTEGER NOT NULL DEFAULT 0,
  -- What the center last said.
  server_state     TEXT,
  server_rev       INTEGER,
  server_duplicate INTEGER,
  server_at_ms     INTEGER,
  CHECK ((link_kind IS NULL) = (link_order_id IS NULL)),
  CHECK ((rejected_for IS NULL) = (rejected_at_ms IS NULL)),
  CHECK ((rejected_for IS NULL) = (rejected_until_ms IS NULL)),
  FOREIGN KEY (id, photo_revision) REFERENCES photo_revisions (order_id, revision) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX orders_by_time ON orders (created_at_ms, id);
CREATE INDEX orders_by_state ON orders (campaign_id, state, created_at_ms, id);
CREATE INDEX orders_by_person ON orders (campaign_id, person_key);

CREATE TABLE photo_revisions (
  order_id        TEXT    NOT NULL REFERENCES orders (id) DEFERRABLE INITIALLY DEFERRED,
  revision        INTEGER NOT NULL,
  blob            BLOB    NOT NULL CHECK (length(blob) = 32),
  original_width  INTEGER NOT NULL,
  original_height INTEGER NOT NULL,
  crop_x          INTEGER NOT NULL,
  crop_y          INTEGER NOT NULL,
  crop_width      INTEGER NOT NULL,
  crop_height     INTEGER NOT NULL,
  captured_at_ms  INTEGER NOT NULL,
  check_result    TEXT    NOT NULL CHECK (check_result IN ('passed', 'failed', 'overridden')),
  check_failed    TEXT    NOT NULL,
  override_reason TEXT,
  PRIMARY KEY (order_id, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_revisions_by_blob ON photo_revisions (blob);

-- An order with its current photo and its consent, as it is read back.
CREATE VIEW order_rows AS
  SELECT orders.*,
    photo.revision, photo.blob, photo.original_width, photo.original_height, photo.crop_x, photo.crop_y,
    photo.crop_width, photo.crop_height, photo.captured_at_ms, photo.check_result, photo.check_failed,
    photo.override_reason,
    consents.text_version AS consent_text_version, consents.language AS consent_language,
    consents.at_ms AS consent_at_ms, consents.asked_by AS consent_asked_by
  FROM orders
    JOIN photo_revisions AS photo ON photo.order_id = orders.id AND photo.revision = orders.photo_revision
    JOIN consents ON consents.id = orders.consent_id;

CREATE TABLE number_clock (
  only    INTEGER PRIMARY KEY CHECK (only = 1),
  last_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE outbox (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id         TEXT    NOT NULL UNIQUE,
  order_id      TEXT    NOT NULL REFERENCES orders (id),
  rev           INTEGER NOT NULL CHECK (rev > 0),
  kind          TEXT    NOT NULL,
  body          TEXT    NOT NULL,
  body_sha256   BLOB    NOT NULL CHECK (length(body_sha256) = 32),
  prev_chain    TEXT    NOT NULL,
  chain         TEXT    NOT NULL,
  blob          BLOB CHECK (length(blob) = 32),
  created_at_ms INTEGER NOT NULL,
  mono_ms       INTEGER NOT NULL,
  boot_id       TEXT    NOT NULL,
  state         TEXT    NOT NULL CHECK (state IN ('queued', 'sent', 'acknowledged', 'quarantined')),
  attempts      INTEGER NOT NULL DEFAULT 0,
  next_try_at_ms INTEGER NOT NULL,
  problem       TEXT,
  settled_at_ms INTEGER,
  UNIQUE (order_id, rev)
) STRICT;
CREATE INDEX outbox_waiting ON outbox (seq) WHERE state IN ('queued', 'sent');
CREATE INDEX outbox_quarantined ON outbox (seq) WHERE state = 'quarantined';

CREATE TABLE inbox (
  seq            INTEGER PRIMARY KEY,
  kind           TEXT    NOT NULL,
  received_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE receipts (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms          INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  bytes          BLOB    NOT NULL,
  signature      TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE receipt_entries (
  receipt_id INTEGER NOT NULL REFERENCES receipts (id),
  op_id      TEXT    NOT NULL REFERENCES outbox (op_id),
  blob       BLOB CHECK (length(blob) = 32),
  PRIMARY KEY (receipt_id, op_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_entries_by_op ON receipt_entries (op_id);
CREATE INDEX receipt_entries_by_blob ON receipt_entries (blob) WHERE blob IS NOT NULL;

CREATE TABLE removed_photos (
  blob          BLOB PRIMARY KEY CHECK (length(blob) = 32),
  removed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms    INTEGER NOT NULL,
  who      TEXT    NOT NULL,
  what     TEXT    NOT NULL,
  order_id TEXT,
  shot_id  TEXT,
  detail   TEXT    NOT NULL,
  prev     BLOB    NOT NULL CHECK (length(prev) = 32),
  hash     BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX journal_by_order ON journal (order_id, seq) WHERE order_id IS NOT NULL;
CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT raise(ABORT, 'the journal is append-only'); END;
