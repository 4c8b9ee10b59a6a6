-- Version 9: one feed for each school instead of one for each station, so that an order is one line in it however many stations
-- hear of it. Every feed begins again behind all places given out before, and each station takes a snapshot once: it holds
-- whatever the station had not read yet. A program of version 8 would write to feeds that are gone; it must not open the database.
CREATE TABLE school_feed (
    school_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    PRIMARY KEY (school_id)
) STRICT;
INSERT INTO school_feed (school_id, seq, floor)
SELECT school_id, MAX(feed_seq) + 1, MAX(feed_seq) + 1 FROM station GROUP BY school_id;
DROP TABLE feed;
CREATE TABLE feed (
    school_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    only_station TEXT,
    but_station TEXT,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (school_id, seq)
) STRICT;
CREATE INDEX feed_by_time ON feed (at_ms);
ALTER TABLE station ADD COLUMN feed_begin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE station DROP COLUMN feed_seq;
ALTER TABLE station DROP COLUMN feed_floor;
