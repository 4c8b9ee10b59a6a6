-- Version 2. Accounts of people, their sessions and the tokens of scripts. An older program may open the database: it knows no people.
CREATE TABLE account (
    school_id TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    disabled_at_ms INTEGER,
    failed INTEGER NOT NULL,
    locked_until_ms INTEGER,
    PRIMARY KEY (school_id, name),
    UNIQUE (name)
) STRICT;

CREATE TABLE credential (
    school_id TEXT NOT NULL,
    credential_id TEXT NOT NULL,
    secret_sha256 BLOB NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    title TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    seen_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    PRIMARY KEY (school_id, credential_id),
    UNIQUE (secret_sha256)
) STRICT;
CREATE INDEX credential_by_account ON credential (account);
