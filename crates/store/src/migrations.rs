//! The schema's versions, oldest first, and the runner that brings a file up to date. Migrations are only ever added.
use crate::conn::Conn;
use crate::error::StoreError;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Its number, counted from 1; the file's `user_version` afterwards.
    pub number: u32,
    /// The oldest binary, by the newest migration it knows, that may still open the file afterwards.
    pub may_older_open: u32,
    /// What it does.
    pub sql: &'static str,
}

/// Every migration this binary knows.
pub const ALL: &[Migration] = &[
    Migration {
        number: 1,
        may_older_open: 1,
        sql: include_str!("../migrations/0001_foundation.sql"),
    },
    Migration {
        number: 2,
        may_older_open: 1,
        sql: include_str!("../migrations/0002_sealing_key.sql"),
    },
    Migration {
        number: 3,
        may_older_open: 1,
        sql: include_str!("../migrations/0003_messages.sql"),
    },
    Migration {
        number: 4,
        may_older_open: 1,
        sql: include_str!("../migrations/0004_warned.sql"),
    },
    Migration {
        number: 5,
        may_older_open: 1,
        sql: include_str!("../migrations/0005_lan.sql"),
    },
];

/// Brings the file up to date, all in one transaction.
///
/// # Errors
/// [`StoreError::Newer`] when a later binary wrote it and says this one must not open it.
pub(crate) fn run(conn: &Conn, known: &[Migration]) -> Result<(), StoreError> {
    let doing = "bringing the schema up to date";
    let failed = |e| StoreError::sql(doing, e);
    let newest = known.last().map_or(0, |m| m.number);
    let version = |conn: &Connection| conn.pragma_query_value(None, "user_version", |r| r.get::<_, u32>(0));
    // Nothing is written when nothing is to be done, so that a store opens on a full disk, too.
    if version(conn.sqlite()).map_err(failed)? == newest {
        return Ok(());
    }
    // Immediate: two processes that open a new file at once must not both migrate it.
    let tx = Transaction::new_unchecked(conn.sqlite(), TransactionBehavior::Immediate).map_err(failed)?;
    let found = version(&tx).map_err(failed)?;
    if found > newest {
        let oldest: u32 = tx
            .query_row("SELECT max(may_older_open) FROM migrations", [], |r| r.get(0))
            .map_err(failed)?;
        return if newest >= oldest {
            Ok(())
        } else {
            Err(StoreError::Newer { found, known: newest })
        };
    }
    tx.execute_batch(
        "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, may_older_open INTEGER NOT NULL) STRICT",
    )
    .map_err(failed)?;
    for migration in known.iter().filter(|m| m.number > found) {
        tx.execute_batch(migration.sql).map_err(failed)?;
        tx.execute(
            "INSERT INTO migrations VALUES (?, ?)",
            params![migration.number, migration.may_older_open],
        )
        .map_err(failed)?;
    }
    tx.pragma_update(None, "user_version", newest).map_err(failed)?;
    tx.commit().map_err(failed)
}
