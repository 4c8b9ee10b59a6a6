-- Version 1. Written so that every PostgreSQL-compatible engine takes it with the types renamed: keys from the application,
-- school_id in every key, no triggers, no sequences, money in whole fen, times in milliseconds set by the server.
CREATE TABLE station (
    school_id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    name TEXT NOT NULL,
    public_key BLOB NOT NULL,
    app_version TEXT NOT NULL,
    enrolled_at_ms INTEGER NOT NULL,
    revoked_at_ms INTEGER,
    feed_seq INTEGER NOT NULL,
    feed_floor INTEGER NOT NULL,
    PRIMARY KEY (school_id, station_id)
) STRICT;
CREATE INDEX station_by_id ON station (station_id);

CREATE TABLE enrol_code (
    school_id TEXT NOT NULL,
    code_sha256 BLOB NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    used_by TEXT,
    PRIMARY KEY (school_id, code_sha256)
) STRICT;

CREATE TABLE campaign (
    school_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    opens_at_ms INTEGER NOT NULL,
    closes_at_ms INTEGER NOT NULL,
    doc TEXT NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, campaign_id)
) STRICT;
CREATE INDEX campaign_by_id ON campaign (campaign_id);

CREATE TABLE orders (
    school_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    number TEXT NOT NULL,
    person_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    photo TEXT NOT NULL,
    blob_id TEXT NOT NULL,
    withdrawn INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    retake_tries INTEGER NOT NULL,
    retake_within_ms INTEGER NOT NULL,
    rejection TEXT,
    deadline_ms INTEGER,
    price_fen INTEGER NOT NULL,
    paid_fen INTEGER NOT NULL,
    refunded_fen INTEGER NOT NULL,
    payment_id TEXT,
    refund_id TEXT,
    collection TEXT NOT NULL,
    address TEXT,
    consent TEXT NOT NULL,
    link_kind TEXT,
    link_order TEXT,
    held_by TEXT,
    rev INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL,
    duplicate_person INTEGER NOT NULL,
    PRIMARY KEY (school_id, order_id),
    UNIQUE (school_id, station_id, number)
) STRICT;
CREATE INDEX orders_by_id ON orders (order_id);
CREATE INDEX orders_by_time ON orders (received_at_ms, order_id);
CREATE INDEX orders_by_state ON orders (state, received_at_ms);
CREATE INDEX orders_by_person ON orders (school_id, campaign_id, person_key);
CREATE INDEX orders_by_number ON orders (number);
CREATE INDEX orders_by_blob ON orders (school_id, blob_id);

CREATE TABLE photo_revision (
    school_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    blob_id TEXT NOT NULL,
    photo TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, order_id, revision)
) STRICT;

CREATE TABLE op (
    school_id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    op_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    rev INTEGER NOT NULL,
    body TEXT NOT NULL,
    captured_at_ms INTEGER NOT NULL,
    mono_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    chain TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    blob_id TEXT,
    received_at_ms INTEGER NOT NULL,
    settled_at_ms INTEGER NOT NULL,
    status TEXT NOT NULL,
    order_rev INTEGER,
    state TEXT,
    waits TEXT,
    waits_for TEXT,
    problem TEXT,
    PRIMARY KEY (school_id, station_id, op_id),
    UNIQUE (school_id, station_id, order_id, rev)
) STRICT;
CREATE INDEX op_held ON op (school_id, status, waits_for);

CREATE TABLE feed (
    school_id TEXT NOT NULL,
    station_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (school_id, station_id, seq)
) STRICT;
CREATE INDEX feed_by_time ON feed (at_ms);

CREATE TABLE blob (
    school_id TEXT NOT NULL,
    blob_id TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    station_id TEXT NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, blob_id)
) STRICT;

CREATE TABLE history (
    school_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (school_id, subject, seq)
) STRICT;
