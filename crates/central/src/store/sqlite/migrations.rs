//! Brings a database to the present version. Migrations are only ever added; each says which older program may still open it.
use super::query::{self, Doing};
use crate::error::CentralError;
use crate::store::Stored;
use rusqlite::{Connection, TransactionBehavior};

struct Migration {
    version: u32,
    /// The oldest program (by its newest known version) that may open a database of this version.
    oldest_program: u32,
    sql: &'static str,
}

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    oldest_program: 1,
    sql: include_str!("0001.sql"),
}];

/// Runs what is missing.
pub fn run(connection: &mut Connection) -> Stored<()> {
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    // Immediate, so that of two programs that start at once the second one finds the work done.
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .doing("beginning to migrate")?;
    let found: u32 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .doing("reading the database's version")?;
    if found > known {
        let oldest = query::one(
            &transaction,
            "reading the database's migrations",
            "SELECT oldest_program FROM migration ORDER BY version DESC LIMIT 1",
            [],
            |row| query::small::<u32>(row, "oldest_program"),
        )?;
        return match oldest {
            Some(oldest) if oldest <= known => Ok(()),
            _ => Err(CentralError::NewerStore { found, known }),
        };
    }
    transaction
        .execute_batch(
            "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, oldest_program INTEGER NOT NULL) STRICT",
        )
        .doing("preparing to migrate")?;
    for migration in MIGRATIONS.iter().filter(|m| m.version > found) {
        transaction
            .execute_batch(migration.sql)
            .doing("migrating the database")?;
        transaction
            .execute(
                "INSERT INTO migration (version, oldest_program) VALUES (?1, ?2)",
                (migration.version, migration.oldest_program),
            )
            .doing("recording a migration")?;
        transaction
            .pragma_update(None, "user_version", migration.version)
            .doing("recording the database's version")?;
    }
    transaction.commit().doing("committing the migrations")
}
