//! Table `history`: append-only.
use super::query::{cell, change, count, limit, many, one, signed};
use crate::store::{HistoryRow, SchoolCode, Stored};
use domain::UtcMs;
use rusqlite::{Connection, Row};

fn read(row: &Row<'_>) -> Stored<HistoryRow> {
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

pub fn of(connection: &Connection, school: &SchoolCode, subject: &str) -> Stored<Vec<HistoryRow>> {
    let sql = "SELECT * FROM history WHERE school_id = ?1 AND subject = ?2 ORDER BY seq";
    many(connection, "reading a history", sql, (school.as_str(), subject), read)
}

pub fn head(connection: &Connection, school: &SchoolCode, subject: &str) -> Stored<Option<HistoryRow>> {
    let sql = "SELECT * FROM history WHERE school_id = ?1 AND subject = ?2 ORDER BY seq DESC LIMIT 1";
    one(connection, "reading a history", sql, (school.as_str(), subject), read)
}

pub fn subjects(
    connection: &Connection,
    after: Option<(&SchoolCode, &str)>,
    most: usize,
) -> Stored<Vec<(SchoolCode, String)>> {
    let sql =
        "SELECT DISTINCT school_id, subject FROM history WHERE school_id > ?1 OR (school_id = ?1 AND subject > ?2)
         ORDER BY school_id, subject LIMIT ?3";
    let (school, subject) = after.map_or(("", ""), |(s, subject)| (s.as_str(), subject));
    many(
        connection,
        "listing histories",
        sql,
        (school, subject, limit(most)),
        |row| Ok((SchoolCode::stored(cell(row, "school_id")?), cell(row, "subject")?)),
    )
}

pub fn add(connection: &Connection, h: &HistoryRow) -> Stored<()> {
    let sql = "INSERT INTO history (school_id, subject, seq, at_ms, who, what, detail, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let params = (
        h.school.as_str(),
        &h.subject,
        signed(h.seq),
        h.at.0,
        &h.who,
        &h.what,
        &h.detail,
        &h.previous,
        &h.hash,
    );
    change(connection, "adding to a history", sql, params).map(|_| ())
}
