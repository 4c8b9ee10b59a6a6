-- What graduates asked at this station and what they were answered. An older binary does not look at it.
CREATE TABLE messages (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  campaign_id  TEXT    NOT NULL,
  person_key   TEXT    NOT NULL,
  at_ms        INTEGER NOT NULL,
  from_service INTEGER NOT NULL CHECK (from_service IN (0, 1)),
  text         TEXT    NOT NULL
) STRICT;
CREATE INDEX messages_by_person ON messages (campaign_id, person_key, id);
