//! Table `setting`: what holds for the whole center, whichever of its processes asks.
use crate::store::sql::{cell, params};
use crate::store::{ReadRows, Stored, WriteRows};

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A setting, if it was made.
    pub fn setting(&self, name: &str) -> Stored<Option<String>> {
        let sql = "SELECT value FROM setting WHERE school_id = '' AND name = ?1";
        self.one("reading a setting", sql, params![name], |row| cell(row, "value"))
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Makes a setting or changes it.
    pub fn put_setting(&self, name: &str, value: &str) -> Stored<()> {
        let sql = "INSERT INTO setting (school_id, name, value) VALUES ('', ?1, ?2)
             ON CONFLICT (school_id, name) DO UPDATE SET value = excluded.value";
        self.change_later("writing a setting", sql, params![name, value])
    }
}
