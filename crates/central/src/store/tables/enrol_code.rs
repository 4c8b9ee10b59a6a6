//! Table `enrol_code`: one-time codes, by their hash.
use crate::store::sql::{cell, params, parsed_if_any};
use crate::store::{EnrolCodeRow, ReadRows, SchoolCode, Stored, WriteRows};
use domain::UtcMs;

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// An enrolment code by the SHA-256 of its text.
    pub fn enrol_code(&self, code: &[u8; 32]) -> Stored<Option<EnrolCodeRow>> {
        let sql = "SELECT * FROM enrol_code WHERE code_sha256 = ?1";
        self.one("reading an enrolment code", sql, params![code], |row| {
            Ok(EnrolCodeRow {
                school: SchoolCode::stored(cell(row, "school_id")?),
                code: cell(row, "code_sha256")?,
                created_at: UtcMs(cell(row, "created_at_ms")?),
                expires_at: UtcMs(cell(row, "expires_at_ms")?),
                used_by: parsed_if_any(row, "used_by")?,
            })
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds an enrolment code or records who used it.
    pub fn put_enrol_code(&self, code: &EnrolCodeRow) -> Stored<()> {
        let sql = "INSERT INTO enrol_code (school_id, code_sha256, created_at_ms, expires_at_ms, used_by)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (school_id, code_sha256) DO UPDATE SET used_by = excluded.used_by";
        let params = params![
            code.school.as_str(),
            code.code,
            code.created_at.0,
            code.expires_at.0,
            code.used_by.map(|s| s.to_string()),
        ];
        self.change_later("writing an enrolment code", sql, params)
    }

    /// Forgets codes that expired before this time.
    pub fn forget_enrol_codes(&self, before: UtcMs) -> Stored<usize> {
        let sql = "DELETE FROM enrol_code WHERE expires_at_ms < ?1";
        self.change("forgetting enrolment codes", sql, params![before.0])
    }
}
