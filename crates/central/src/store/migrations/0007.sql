-- Version 7: rosters of campaigns. Somebody who was taken off keeps a line without a word of theirs, so that stations that come later
-- hear of it. A program of version 6 gives no roster out and may still open the database.
CREATE TABLE roster (
    school_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    person_key TEXT NOT NULL,
    position INTEGER NOT NULL,
    subject TEXT,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, campaign_id, person_key)
) STRICT;
