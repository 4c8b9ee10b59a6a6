//! A connection as the tables see it: statements that say what they do, and rows that say which column does not hold.
use crate::error::StoreError;
use crate::keys::IndexKey;
use domain::{BlobId, UtcMs};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Params};
use std::ops::Deref;
use std::str::FromStr;
use std::sync::Arc;

/// A connection one may read from.
pub struct Conn {
    inner: Connection,
    index: Arc<IndexKey>,
}

/// A writing transaction. What is read from a [`Conn`] can be read from it as well.
pub struct Tx<'a>(&'a Conn);

impl Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.0
    }
}

impl<'a> Tx<'a> {
    /// For the store alone: the caller has begun a transaction on `conn`.
    pub(crate) fn of(conn: &'a Conn) -> Self {
        Self(conn)
    }
}

impl Conn {
    pub(crate) fn new(inner: Connection, index: Arc<IndexKey>) -> Self {
        // Every table's statements; the default of 16 would compile most of them again each time.
        inner.set_prepared_statement_cache_capacity(128);
        Self { inner, index }
    }

    pub(crate) fn sqlite(&self) -> &Connection {
        &self.inner
    }

    /// The blind index of an ID number.
    pub(crate) fn index_of(&self, id_number: &str) -> [u8; 32] {
        self.index.of(id_number)
    }

    /// Runs a statement; the number of rows it changed.
    pub(crate) fn run(&self, doing: &'static str, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.inner
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(params))
            .map_err(|e| StoreError::sql(doing, e))
    }

    /// All rows of a query.
    pub(crate) fn all<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let failed = |e| StoreError::sql(doing, e);
        let mut statement = self.inner.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(failed)? {
            all.push(read(&Row { row, doing })?);
        }
        Ok(all)
    }

    /// The first row of a query, if any.
    pub(crate) fn first<T>(
        &self,
        doing: &'static str,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let failed = |e| StoreError::sql(doing, e);
        let mut statement = self.inner.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        match rows.next().map_err(failed)? {
            Some(row) => read(&Row { row, doing }).map(Some),
            None => Ok(None),
        }
    }

    /// Looks at each row of a query, for those that need not be kept.
    pub(crate) fn each(
        &self,
        doing: &'static str,
        sql: &str,
        mut look: impl FnMut(&Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let failed = |e| StoreError::sql(doing, e);
        let mut statement = self.inner.prepare(sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            look(&Row { row, doing })?;
        }
        Ok(())
    }

    /// The one number of a query such as a count; its column is called `n`.
    pub(crate) fn count(&self, doing: &'static str, sql: &str, params: impl Params) -> Result<u32, StoreError> {
        Ok(self.first(doing, sql, params, |r| r.get("n"))?.unwrap_or(0))
    }
}

/// One row of an answer.
pub(crate) struct Row<'a> {
    row: &'a rusqlite::Row<'a>,
    doing: &'static str,
}

impl Row<'_> {
    pub(crate) fn get<T: FromSql>(&self, column: &'static str) -> Result<T, StoreError> {
        use rusqlite::Error as E;
        self.row.get(column).map_err(|e| match e {
            E::FromSqlConversionFailure(..) | E::IntegralValueOutOfRange(..) | E::InvalidColumnType(..) => {
                self.bad(column)
            }
            other => StoreError::sql(self.doing, other),
        })
    }
    pub(crate) fn u64(&self, column: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.get::<i64>(column)?).map_err(|_| self.bad(column))
    }
    pub(crate) fn time(&self, column: &'static str) -> Result<UtcMs, StoreError> {
        Ok(UtcMs(self.get(column)?))
    }
    pub(crate) fn parse<T: FromStr>(&self, column: &'static str) -> Result<T, StoreError> {
        self.get::<String>(column)?.parse().map_err(|_| self.bad(column))
    }
    pub(crate) fn parse_opt<T: FromStr>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.get(column)?;
        text.map(|t| t.parse().map_err(|_| self.bad(column))).transpose()
    }
    /// A word that names one of a list.
    pub(crate) fn word<T>(&self, column: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        read(&self.get::<String>(column)?).ok_or_else(|| self.bad(column))
    }
    pub(crate) fn word_opt<T>(
        &self,
        column: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.get(column)?;
        text.map(|t| read(&t).ok_or_else(|| self.bad(column))).transpose()
    }
    /// Words in a row, separated by commas.
    pub(crate) fn words<T>(
        &self,
        column: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let text: String = self.get(column)?;
        text.split_terminator(',')
            .map(|word| read(word).ok_or_else(|| self.bad(column)))
            .collect()
    }
    pub(crate) fn blob(&self, column: &'static str) -> Result<BlobId, StoreError> {
        Ok(BlobId(self.get(column)?))
    }
    pub(crate) fn blob_opt(&self, column: &'static str) -> Result<Option<BlobId>, StoreError> {
        Ok(self.get::<Option<[u8; 32]>>(column)?.map(BlobId))
    }
    pub(crate) fn bad(&self, column: &'static str) -> StoreError {
        StoreError::BadRow {
            doing: self.doing,
            column,
        }
    }
}

/// Words as one column holds them.
pub(crate) fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(",")
}

/// A count that SQLite can hold.
pub(crate) fn number(value: u64, doing: &'static str, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::TooLarge { doing, what })
}
