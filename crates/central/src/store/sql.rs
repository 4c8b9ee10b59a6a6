//! One transaction as the tables see it: portable SQL with numbered parameters in, rows out. Engines implement [`Sql`].
//!
//! The SQL is written once. What keeps it portable is held by the tests at the end of `tables/mod.rs`; what differs
//! (placeholders, names of types) an engine translates.
use super::{ReadRows, Stored, WriteRows};
use crate::error::CentralError;
use std::sync::Arc;

/// A value given to a statement; its type is told even when it is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Param {
    /// Whole numbers, amounts, times and flags.
    Int(Option<i64>),
    /// Text without U+0000, which not every engine can keep.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! into_param {
    ($($from:ty => $variant:ident($value:ident, $with:expr);)*) => {
        $(
            impl From<$from> for Param {
                fn from($value: $from) -> Self {
                    Self::$variant(Some($with))
                }
            }
            impl From<Option<$from>> for Param {
                fn from(value: Option<$from>) -> Self {
                    Self::$variant(value.map(|$value| $with))
                }
            }
        )*
    };
}
into_param! {
    i64 => Int(value, value);
    u32 => Int(value, i64::from(value));
    u8 => Int(value, i64::from(value));
    bool => Int(value, i64::from(value));
    &str => Text(value, value.to_owned());
    &String => Text(value, value.clone());
    String => Text(value, value);
    [u8; 32] => Bytes(value, value.to_vec());
    &[u8; 32] => Bytes(value, value.to_vec());
    Vec<u8> => Bytes(value, value);
}

/// The parameters of a statement, in the order of their numbers.
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::store::sql::Param::from($value)),*] };
}
pub(crate) use params;

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// A row of an answer.
#[derive(Debug, Clone)]
pub struct Row {
    /// The names of its columns.
    pub names: Arc<[String]>,
    /// Its values.
    pub cells: Vec<Cell>,
}

/// One transaction of an engine. `doing` says what a failure was about.
pub trait Sql {
    /// All rows of a query, or of a change that returns some.
    ///
    /// # Errors
    /// Those of the engine; `Busy` for a lost race.
    fn query(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<Vec<Row>>;
    /// Makes a change and tells how many rows it touched.
    ///
    /// # Errors
    /// As `query`.
    fn execute(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<usize>;
    /// Makes a change whose outcome nobody asks for. An engine may send it on its way and go on; then a failure is told by one of the
    /// statements after it, or at the end of the work at the latest.
    ///
    /// # Errors
    /// As `query`.
    fn execute_later(&self, doing: &'static str, sql: &str, params: Vec<Param>) -> Stored<()> {
        self.execute(doing, sql, &params).map(drop)
    }
}

impl ReadRows<'_> {
    /// All rows of a query.
    pub(super) fn many<T>(
        &self,
        doing: &'static str,
        sql: &'static str,
        params: impl AsRef<[Param]>,
        read: impl Fn(&Row) -> Stored<T>,
    ) -> Stored<Vec<T>> {
        let rows = self.sql.query(doing, sql, params.as_ref())?;
        rows.iter().map(read).collect()
    }

    /// The first row of a query.
    pub(super) fn one<T>(
        &self,
        doing: &'static str,
        sql: &'static str,
        params: impl AsRef<[Param]>,
        read: impl Fn(&Row) -> Stored<T>,
    ) -> Stored<Option<T>> {
        let rows = self.sql.query(doing, sql, params.as_ref())?;
        rows.first().map(read).transpose()
    }
}

impl WriteRows<'_> {
    /// Makes a change and tells how many rows it touched.
    pub(super) fn change(&self, doing: &'static str, sql: &'static str, params: impl AsRef<[Param]>) -> Stored<usize> {
        self.sql.execute(doing, sql, params.as_ref())
    }

    /// Makes a change and does not wait for it; a failure is told later, still within the work.
    pub(super) fn change_later(
        &self,
        doing: &'static str,
        sql: &'static str,
        params: impl Into<Vec<Param>>,
    ) -> Stored<()> {
        self.sql.execute_later(doing, sql, params.into())
    }
}

/// What a cell can be read as.
pub trait FromCell: Sized {
    /// Reads a cell, if it is of this kind.
    fn from_cell(cell: &Cell) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Int(n) => Some(*n),
            Cell::Null | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for bool {
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Int(0) => Some(false),
            Cell::Int(1) => Some(true),
            Cell::Int(_) | Cell::Null | Cell::Text(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for String {
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(text.clone()),
            Cell::Null | Cell::Int(_) | Cell::Bytes(_) => None,
        }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes.clone()),
            Cell::Null | Cell::Int(_) | Cell::Text(_) => None,
        }
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn from_cell(cell: &Cell) -> Option<Self> {
        Vec::from_cell(cell)?.try_into().ok()
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: &Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            Cell::Int(_) | Cell::Text(_) | Cell::Bytes(_) => T::from_cell(cell).map(Some),
        }
    }
}

/// A cell by name.
pub fn cell<T: FromCell>(row: &Row, name: &'static str) -> Stored<T> {
    let at = row.names.iter().position(|n| n == name);
    let found = at.and_then(|at| row.cells.get(at));
    found.and_then(T::from_cell).ok_or_else(|| CentralError::corrupt(name))
}

/// A cell that holds the text of something.
pub fn parsed<T: std::str::FromStr>(row: &Row, name: &'static str) -> Stored<T> {
    let text: String = cell(row, name)?;
    text.parse().map_err(|_| CentralError::corrupt(name))
}

/// A cell that holds the text of something, or nothing.
pub fn parsed_if_any<T: std::str::FromStr>(row: &Row, name: &'static str) -> Stored<Option<T>> {
    let text: Option<String> = cell(row, name)?;
    text.map(|t| t.parse().map_err(|_| CentralError::corrupt(name)))
        .transpose()
}

/// A cell that holds JSON.
pub fn json<T: serde::de::DeserializeOwned>(row: &Row, name: &'static str) -> Stored<T> {
    let text: String = cell(row, name)?;
    serde_json::from_str(&text).map_err(|_| CentralError::corrupt(name))
}

/// A cell that holds a count or an amount: never negative.
pub fn count(row: &Row, name: &'static str) -> Stored<u64> {
    small(row, name)
}

/// A cell that holds a number of a smaller range.
pub fn small<T: TryFrom<i64>>(row: &Row, name: &'static str) -> Stored<T> {
    let number: i64 = cell(row, name)?;
    T::try_from(number).map_err(|_| CentralError::corrupt(name))
}

/// A count as databases keep it; past their range it is cut off, which no count here reaches.
pub fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A limit as databases take it.
pub fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
