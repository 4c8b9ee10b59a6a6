-- Version 10: mobile numbers orders are found by, codes sent to them, the sessions of graduates at the web site, and short messages to
-- be sent. A program of version 9 fills in neither column and may still open the database: the next start of this version finds what
-- it wrote and fills in the numbers.
ALTER TABLE orders ADD COLUMN phone TEXT;
ALTER TABLE orders ADD COLUMN messages TEXT;
CREATE INDEX orders_by_phone ON orders (phone);

CREATE TABLE phone_code (
    school_id TEXT NOT NULL,
    phone TEXT NOT NULL,
    salt BLOB NOT NULL,
    code BLOB NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    day_from_ms INTEGER NOT NULL,
    day_count INTEGER NOT NULL,
    PRIMARY KEY (school_id, phone)
) STRICT;
CREATE INDEX phone_code_by_time ON phone_code (sent_at_ms);

CREATE TABLE guest_session (
    school_id TEXT NOT NULL,
    secret_sha256 BLOB NOT NULL,
    phone TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    seen_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, secret_sha256)
) STRICT;
CREATE INDEX guest_session_by_phone ON guest_session (phone, created_at_ms);
CREATE INDEX guest_session_by_expiry ON guest_session (expires_at_ms);

CREATE TABLE short_message (
    school_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, message_id)
) STRICT;
CREATE INDEX short_message_due ON short_message (state, next_at_ms);
CREATE INDEX short_message_by_time ON short_message (at_ms);
