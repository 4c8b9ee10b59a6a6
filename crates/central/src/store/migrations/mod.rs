//! Which versions the database has had. Migrations are only ever added, and each says which older program may still open it:
//! first a version that both programs can use (expand), and only in a later release one without what is no longer used.
use super::Stored;
use super::sql::{Row, Sql, params, small};
use crate::error::CentralError;

/// One step from a version to the next.
#[derive(Debug)]
pub struct Migration {
    /// The version it leads to.
    pub version: u32,
    /// The oldest program (by its newest known version) that may open a database of this version.
    pub oldest_program: u32,
    /// What it does, in SQLite's words; see [`for_postgres`].
    pub ddl: &'static str,
}

/// All of them, oldest first.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        oldest_program: 1,
        ddl: include_str!("0001.sql"),
    },
    Migration {
        version: 2,
        oldest_program: 1,
        ddl: include_str!("0002.sql"),
    },
    Migration {
        version: 3,
        oldest_program: 1,
        ddl: include_str!("0003.sql"),
    },
    Migration {
        version: 4,
        oldest_program: 4,
        ddl: include_str!("0004.sql"),
    },
    Migration {
        version: 5,
        oldest_program: 4,
        ddl: include_str!("0005.sql"),
    },
    Migration {
        version: 6,
        oldest_program: 4,
        ddl: include_str!("0006.sql"),
    },
    Migration {
        version: 7,
        oldest_program: 4,
        ddl: include_str!("0007.sql"),
    },
    Migration {
        version: 8,
        oldest_program: 4,
        ddl: include_str!("0008.sql"),
    },
    Migration {
        version: 9,
        oldest_program: 9,
        ddl: include_str!("0009.sql"),
    },
    Migration {
        version: 10,
        oldest_program: 9,
        ddl: include_str!("0010.sql"),
    },
];

/// The table that remembers them.
pub const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY, oldest_program INTEGER NOT NULL) STRICT;";

/// What must still be run on a database, in order.
///
/// # Errors
/// `NewerStore` when the database is of a newer version that this program may not open.
pub fn missing(sql: &dyn Sql) -> Stored<Vec<&'static Migration>> {
    let known = MIGRATIONS.last().map_or(0, |m| m.version);
    let latest = sql.query(
        "reading the database's version",
        "SELECT version, oldest_program FROM migration ORDER BY version DESC LIMIT 1",
        &[],
    )?;
    let number = |row: &Row, name| small::<u32>(row, name);
    let found = latest.first().map_or(Ok(0), |row| number(row, "version"))?;
    let oldest = latest.first().map_or(Ok(0), |row| number(row, "oldest_program"))?;
    if oldest > known {
        return Err(CentralError::NewerStore { found, known });
    }
    Ok(MIGRATIONS.iter().filter(|m| m.version > found).collect())
}

/// Remembers that one was run; in the same transaction.
///
/// # Errors
/// Those of the engine; of two programs that migrate at once, one.
pub fn record(sql: &dyn Sql, migration: &Migration) -> Stored<()> {
    let row = params![migration.version, migration.oldest_program];
    sql.execute(
        "recording a migration",
        "INSERT INTO migration (version, oldest_program) VALUES (?1, ?2)",
        &row,
    )
    .map(|_| ())
}

/// A migration in PostgreSQL's words. Text is compared byte by byte, as SQLite does, whatever the database's language is.
pub fn for_postgres(ddl: &str) -> String {
    let words = ddl.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .map(|word| {
            let name = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let rest = &word[name.len()..];
            let name = match name {
                "TEXT" => "TEXT COLLATE \"C\"",
                "INTEGER" => "BIGINT",
                "BLOB" => "BYTEA",
                "STRICT" => "",
                other => other,
            };
            format!("{name}{rest}")
        })
        .collect()
}
