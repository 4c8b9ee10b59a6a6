-- Version 3: uploads in pieces, settings. An older program does not know them and may still open the database.
CREATE TABLE upload (
    school_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    blob_id TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    received INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, upload_id)
) STRICT;
CREATE INDEX upload_by_id ON upload (upload_id);
CREATE INDEX upload_by_blob ON upload (school_id, station_id, blob_id);
CREATE INDEX upload_by_expiry ON upload (expires_at_ms);

CREATE TABLE upload_piece (
    school_id TEXT NOT NULL,
    upload_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (school_id, upload_id, start)
) STRICT;

-- What holds for the whole center; its rows have an empty school.
CREATE TABLE setting (
    school_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (school_id, name)
) STRICT;
