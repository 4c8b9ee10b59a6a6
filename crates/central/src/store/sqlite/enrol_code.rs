//! Table `enrol_code`: one-time codes, by their hash.
use super::query::{cell, change, one, parsed_if_any};
use crate::store::{EnrolCodeRow, SchoolCode, Stored};
use domain::UtcMs;
use rusqlite::Connection;

pub fn get(connection: &Connection, code: &[u8; 32]) -> Stored<Option<EnrolCodeRow>> {
    let sql = "SELECT * FROM enrol_code WHERE code_sha256 = ?1";
    one(connection, "reading an enrolment code", sql, [code], |row| {
        Ok(EnrolCodeRow {
            school: SchoolCode::stored(cell(row, "school_id")?),
            code: cell(row, "code_sha256")?,
            created_at: UtcMs(cell(row, "created_at_ms")?),
            expires_at: UtcMs(cell(row, "expires_at_ms")?),
            used_by: parsed_if_any(row, "used_by")?,
        })
    })
}

pub fn put(connection: &Connection, code: &EnrolCodeRow) -> Stored<()> {
    let sql = "INSERT INTO enrol_code (school_id, code_sha256, created_at_ms, expires_at_ms, used_by)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (school_id, code_sha256) DO UPDATE SET used_by = excluded.used_by";
    let params = (
        code.school.as_str(),
        code.code,
        code.created_at.0,
        code.expires_at.0,
        code.used_by.map(|s| s.to_string()),
    );
    change(connection, "writing an enrolment code", sql, params).map(|_| ())
}

pub fn forget(connection: &Connection, before: UtcMs) -> Stored<usize> {
    let sql = "DELETE FROM enrol_code WHERE expires_at_ms < ?1";
    change(connection, "forgetting enrolment codes", sql, [before.0])
}
