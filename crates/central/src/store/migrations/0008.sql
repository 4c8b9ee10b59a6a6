-- Version 8: what the local check said of a photo beside what its review came to. A program of version 7 notes none and may still
-- open the database; what it decided is not counted.
CREATE TABLE review_outcome (
    school_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    campaign_id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    failed TEXT NOT NULL,
    warned TEXT NOT NULL,
    approved INTEGER NOT NULL,
    reasons TEXT NOT NULL,
    decided_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, order_id, revision)
) STRICT;
CREATE INDEX review_outcome_by_campaign ON review_outcome (campaign_id, station_id);
