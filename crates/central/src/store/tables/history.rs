//! Table `history`: append-only.
use crate::store::sql::{Row, cell, count, limit, params, signed};
use crate::store::{HistoryRow, ReadRows, SchoolCode, Stored, WriteRows};
use domain::UtcMs;

fn read(row: &Row) -> Stored<HistoryRow> {
    Ok(HistoryRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        subject: cell(row, "subject")?,
        seq: count(row, "seq")?,
        at: UtcMs(cell(row, "at_ms")?),
        who: cell(row, "who")?,
        what: cell(row, "what")?,
        detail: cell(row, "detail")?,
        previous: cell(row, "previous")?,
        hash: cell(row, "hash")?,
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// History of one subject, oldest first.
    pub fn history(&self, school: &SchoolCode, subject: &str) -> Stored<Vec<HistoryRow>> {
        let sql = "SELECT * FROM history WHERE school_id = ?1 AND subject = ?2 ORDER BY seq";
        self.many("reading a history", sql, params![school.as_str(), subject], read)
    }

    /// Lines of all histories but reviewers' holds, latest first: of one school or of all, and before one line (its time, school, subject, number).
    pub fn history_latest(
        &self,
        school: Option<&SchoolCode>,
        before: Option<(UtcMs, &str, &str, u64)>,
        most: usize,
    ) -> Stored<Vec<HistoryRow>> {
        let (at, of, subject, seq) =
            before.map_or((i64::MAX, "", "", 0), |(at, of, subject, seq)| (at.0, of, subject, seq));
        let params = params![
            school.map(SchoolCode::as_str),
            at,
            of,
            subject,
            signed(seq),
            limit(most)
        ];
        self.many(
            "reading the latest of all histories",
            include_str!("history_latest.sql"),
            params,
            read,
        )
    }

    /// The latest history row of one subject.
    pub fn history_head(&self, school: &SchoolCode, subject: &str) -> Stored<Option<HistoryRow>> {
        let sql = "SELECT * FROM history WHERE school_id = ?1 AND subject = ?2 ORDER BY seq DESC LIMIT 1";
        self.one("reading a history", sql, params![school.as_str(), subject], read)
    }

    /// School and subject of each history, after one, at most `limit`.
    pub fn history_subjects(
        &self,
        after: Option<(&SchoolCode, &str)>,
        most: usize,
    ) -> Stored<Vec<(SchoolCode, String)>> {
        let sql =
            "SELECT DISTINCT school_id, subject FROM history WHERE school_id > ?1 OR (school_id = ?1 AND subject > ?2)
         ORDER BY school_id, subject LIMIT ?3";
        let (school, subject) = after.map_or(("", ""), |(s, subject)| (s.as_str(), subject));
        self.many("listing histories", sql, params![school, subject, limit(most)], |row| {
            Ok((SchoolCode::stored(cell(row, "school_id")?), cell(row, "subject")?))
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds a history row.
    pub fn add_history(&self, h: &HistoryRow) -> Stored<()> {
        let sql = "INSERT INTO history (school_id, subject, seq, at_ms, who, what, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let params = params![
            h.school.as_str(),
            &h.subject,
            signed(h.seq),
            h.at.0,
            &h.who,
            &h.what,
            &h.detail,
            &h.previous,
            &h.hash,
        ];
        self.change_later("adding to a history", sql, params)
    }
}
