-- Version 5: webhooks and their messages. A program of version 4 sends none and may still open the database.
CREATE TABLE webhook (
    school_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at_ms INTEGER NOT NULL,
    disabled_at_ms INTEGER,
    PRIMARY KEY (school_id, webhook_id)
) STRICT;
CREATE INDEX webhook_by_id ON webhook (webhook_id);

CREATE TABLE webhook_message (
    school_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at_ms INTEGER NOT NULL,
    last_answer TEXT,
    PRIMARY KEY (school_id, webhook_id, message_id)
) STRICT;
CREATE INDEX webhook_message_due ON webhook_message (state, next_at_ms);
CREATE INDEX webhook_message_by_hook ON webhook_message (webhook_id, at_ms);
