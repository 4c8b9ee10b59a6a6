//! Table `settings`: small choices of this station, by key.
use crate::conn::{Conn, Tx};
use crate::error::StoreError;

/// Longest value, in bytes.
pub const MAX_VALUE_BYTES: usize = 64 << 10;

/// The value of a key.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, key: &str) -> Result<Option<String>, StoreError> {
    conn.first(
        "reading a setting",
        "SELECT value FROM settings WHERE key = ?",
        [key],
        |r| r.get("value"),
    )
}

/// Sets the value of a key.
///
/// # Errors
/// When the value is too long or the database fails.
pub fn put(tx: &Tx, key: &str, value: &str) -> Result<(), StoreError> {
    let doing = "saving a setting";
    if value.len() > MAX_VALUE_BYTES {
        return Err(StoreError::TooLarge {
            doing,
            what: "the value",
        });
    }
    let sql = "INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value";
    tx.run(doing, sql, [key, value]).map(drop)
}

/// Forgets a key.
///
/// # Errors
/// When the database fails.
pub fn forget(tx: &Tx, key: &str) -> Result<(), StoreError> {
    tx.run("forgetting a setting", "DELETE FROM settings WHERE key = ?", [key])
        .map(drop)
}

/// The settings whose key begins so, by key.
///
/// # Errors
/// When the database fails.
pub fn beginning(conn: &Conn, prefix: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT key, value FROM settings WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key";
    conn.all("reading settings", sql, [prefix], |r| {
        Ok((r.get("key")?, r.get("value")?))
    })
}

/// All settings, by key.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &Conn) -> Result<Vec<(String, String)>, StoreError> {
    conn.all(
        "reading the settings",
        "SELECT key, value FROM settings ORDER BY key",
        [],
        |r| Ok((r.get("key")?, r.get("value")?)),
    )
}
