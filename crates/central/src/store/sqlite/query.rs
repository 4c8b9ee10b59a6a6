//! Small words around rusqlite: what was being done when it failed, one row, many rows, typed cells.
use crate::error::CentralError;
use crate::store::Stored;
use rusqlite::types::FromSql;
use rusqlite::{Connection, ErrorCode, Params, Row};

/// Adds what was being done.
pub trait Doing<T> {
    /// Names what was being done; a lost race is told apart.
    fn doing(self, doing: &'static str) -> Stored<T>;
}

impl<T> Doing<T> for rusqlite::Result<T> {
    fn doing(self, doing: &'static str) -> Stored<T> {
        self.map_err(|e| match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => CentralError::Busy { doing },
            _ => CentralError::Store {
                doing,
                source: Box::new(e),
            },
        })
    }
}

/// All rows of a query.
pub fn many<T>(
    connection: &Connection,
    doing: &'static str,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Stored<T>,
) -> Stored<Vec<T>> {
    let mut statement = connection.prepare_cached(sql).doing(doing)?;
    let mut rows = statement.query(params).doing(doing)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().doing(doing)? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The first row of a query.
pub fn one<T>(
    connection: &Connection,
    doing: &'static str,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Stored<T>,
) -> Stored<Option<T>> {
    let mut statement = connection.prepare_cached(sql).doing(doing)?;
    let mut rows = statement.query(params).doing(doing)?;
    rows.next().doing(doing)?.map(read).transpose()
}

/// Runs a change and tells how many rows it touched.
pub fn change(connection: &Connection, doing: &'static str, sql: &str, params: impl Params) -> Stored<usize> {
    let mut statement = connection.prepare_cached(sql).doing(doing)?;
    statement.execute(params).doing(doing)
}

/// A cell by name.
pub fn cell<T: FromSql>(row: &Row<'_>, name: &'static str) -> Stored<T> {
    row.get(name).doing(name)
}

/// A cell that holds the text of something.
pub fn parsed<T: std::str::FromStr>(row: &Row<'_>, name: &'static str) -> Stored<T> {
    let text: String = cell(row, name)?;
    text.parse().map_err(|_| CentralError::corrupt(name))
}

/// A cell that holds the text of something, or nothing.
pub fn parsed_if_any<T: std::str::FromStr>(row: &Row<'_>, name: &'static str) -> Stored<Option<T>> {
    let text: Option<String> = cell(row, name)?;
    text.map(|t| t.parse().map_err(|_| CentralError::corrupt(name)))
        .transpose()
}

/// A cell that holds JSON.
pub fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, name: &'static str) -> Stored<T> {
    let text: String = cell(row, name)?;
    serde_json::from_str(&text).map_err(|_| CentralError::corrupt(name))
}

/// A cell that holds a count or an amount: never negative.
pub fn count(row: &Row<'_>, name: &'static str) -> Stored<u64> {
    let number: i64 = cell(row, name)?;
    u64::try_from(number).map_err(|_| CentralError::corrupt(name))
}

/// A cell that holds a number of a smaller range.
pub fn small<T: TryFrom<i64>>(row: &Row<'_>, name: &'static str) -> Stored<T> {
    let number: i64 = cell(row, name)?;
    T::try_from(number).map_err(|_| CentralError::corrupt(name))
}

/// A count as SQLite keeps it; past its range it is cut off, which no count here reaches.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A limit as SQLite takes it.
pub fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
