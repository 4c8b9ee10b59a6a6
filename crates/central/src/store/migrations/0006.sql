-- Version 6: delivery packages that were asked for. A program of version 5 makes none and may still open the database.
CREATE TABLE package (
    school_id TEXT NOT NULL,
    package_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    wish TEXT NOT NULL,
    who TEXT NOT NULL,
    asked_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    lease_until_ms INTEGER NOT NULL,
    begun_at_ms INTEGER,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    fault TEXT,
    made TEXT,
    ready_at_ms INTEGER,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, package_id)
) STRICT;
CREATE INDEX package_by_id ON package (package_id);
CREATE INDEX package_by_state ON package (state, lease_until_ms);
CREATE INDEX package_by_expiry ON package (expires_at_ms);
CREATE INDEX orders_by_campaign ON orders (campaign_id, received_at_ms, order_id);
