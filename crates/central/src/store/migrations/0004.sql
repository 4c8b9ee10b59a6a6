-- Version 4: payments asked of the provider, refunds, and the books. An older program does not know them: it could take an
-- order into production whose money is on its way back, and would book no class payment. It may not open the database.
CREATE TABLE trade (
    school_id TEXT NOT NULL,
    trade_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    state TEXT NOT NULL,
    transaction_id TEXT,
    code_url TEXT,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    asked_at_ms INTEGER NOT NULL,
    paid_at_ms INTEGER,
    PRIMARY KEY (school_id, trade_id)
) STRICT;
CREATE INDEX trade_by_id ON trade (trade_id);
CREATE INDEX trade_by_order ON trade (order_id, created_at_ms);
CREATE INDEX trade_by_state ON trade (state, asked_at_ms);
CREATE INDEX trade_by_paid ON trade (paid_at_ms);

CREATE TABLE refund (
    school_id TEXT NOT NULL,
    refund_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    trade_id TEXT,
    amount_fen INTEGER NOT NULL,
    cause TEXT NOT NULL,
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    step TEXT NOT NULL,
    asked_at_ms INTEGER NOT NULL,
    tried_at_ms INTEGER NOT NULL,
    sent_at_ms INTEGER,
    done_at_ms INTEGER,
    PRIMARY KEY (school_id, refund_id)
) STRICT;
CREATE INDEX refund_by_id ON refund (refund_id);
CREATE INDEX refund_by_order ON refund (order_id, asked_at_ms);
CREATE INDEX refund_by_step ON refund (step, tried_at_ms);
CREATE INDEX refund_by_sent ON refund (sent_at_ms);

-- Double entry: an amount from the account it is credited to, to the one it is debited to; never changed.
CREATE TABLE entry (
    school_id TEXT NOT NULL,
    entry_key TEXT NOT NULL,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount_fen INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, entry_key)
) STRICT;
CREATE INDEX entry_by_debit ON entry (school_id, debit);
CREATE INDEX entry_by_credit ON entry (school_id, credit);
