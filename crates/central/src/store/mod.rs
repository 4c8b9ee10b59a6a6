//! The boundary behind which a database engine sits: rows in, rows out, in transactions. The rules are above it, written once.
//!
//! A table has one file in `tables`, with SQL every engine takes; its functions are methods of [`ReadRows`] and [`WriteRows`].
//! An engine is a [`CentralStore`] that hands them its transactions as [`sql::Sql`]; `tests/it/conformance.rs` runs the same
//! suite against each. Rules for engines: writes happen one after the other and are durable when `write` returns; work is run again
//! from the start when its transaction is lost (so it must have no other effect than its rows); a read transaction sees one state
//! of everything.
mod copy;
pub mod guests;
mod migrations;
pub mod money;
pub mod packages;
pub mod people;
pub mod postgres;
mod rows;
mod sql;
pub mod sqlite;
mod tables;
mod turns;
pub mod webhooks;

pub use rows::{
    BlobRow, EnrolCodeRow, Hearers, HistoryRow, OpOutcome, OpRow, OrderFilter, OrderRow, OutcomeCount, ReviewFilter,
    RosterRow, SchoolCode, StateCount, StationRow, Turn, UploadPiece, UploadRow, Waits,
};

use crate::error::CentralError;
use sql::Sql;

/// The result of anything at the store.
pub type Stored<T> = Result<T, CentralError>;
/// Work in a read transaction.
pub type ReadWork<'w> = dyn FnMut(&ReadRows<'_>) -> Stored<()> + 'w;
/// Work in a write transaction; run again when it lost a race.
pub type WriteWork<'w> = dyn FnMut(&WriteRows<'_>) -> Stored<()> + 'w;

/// A database engine. Calls block; the service makes them on its bounded blocking threads.
pub trait CentralStore: Send + Sync {
    /// Runs work that sees one state of everything.
    ///
    /// # Errors
    /// Those of the work, and those of the engine.
    fn read(&self, work: &mut ReadWork<'_>) -> Stored<()>;
    /// Runs work whose rows are all kept, durably, or none.
    ///
    /// # Errors
    /// Those of the work (nothing is kept then), and those of the engine; `Busy` when it lost too many races.
    fn write(&self, work: &mut WriteWork<'_>) -> Stored<()>;
    /// [`CentralStore::write`] for work on rows of one school, that rests on no other's. Engines that can do several things at once may
    /// run such works of different schools side by side, but never beside work of [`CentralStore::write`].
    ///
    /// # Errors
    /// As `write`.
    fn write_in(&self, _school: &SchoolCode, work: &mut WriteWork<'_>) -> Stored<()> {
        self.write(work)
    }
    /// Copies the whole database into a folder while it is in use.
    ///
    /// # Errors
    /// When the copy cannot be written.
    fn backup(&self, dir: &std::path::Path) -> Stored<()>;
}

impl dyn CentralStore + '_ {
    /// Takes over every row of the SQLite database in a folder, such as a backup's.
    ///
    /// # Errors
    /// `NotEmpty` when there are rows already.
    pub(crate) fn fill_from(&self, dir: &std::path::Path) -> Stored<()> {
        copy::from_folder(dir, self)
    }

    /// [`CentralStore::read`] with an answer.
    ///
    /// # Errors
    /// As `read`.
    pub fn reading<T>(&self, mut work: impl FnMut(&ReadRows<'_>) -> Stored<T>) -> Stored<T> {
        let mut answer = None;
        self.read(&mut |rows| {
            answer = Some(work(rows)?);
            Ok(())
        })?;
        answer.ok_or(CentralError::Busy { doing: "reading" })
    }

    /// [`CentralStore::write_in`] with an answer.
    ///
    /// # Errors
    /// As `write_in`.
    pub fn writing_in<T>(&self, school: &SchoolCode, mut work: impl FnMut(&WriteRows<'_>) -> Stored<T>) -> Stored<T> {
        let mut answer = None;
        self.write_in(school, &mut |rows| {
            answer = Some(work(rows)?);
            Ok(())
        })?;
        answer.ok_or(CentralError::Busy { doing: "writing" })
    }

    /// [`CentralStore::write`] with an answer.
    ///
    /// # Errors
    /// As `write`.
    pub fn writing<T>(&self, mut work: impl FnMut(&WriteRows<'_>) -> Stored<T>) -> Stored<T> {
        let mut answer = None;
        self.write(&mut |rows| {
            answer = Some(work(rows)?);
            Ok(())
        })?;
        answer.ok_or(CentralError::Busy { doing: "writing" })
    }
}

/// What a transaction can look up. All errors are those of the engine, or rows that do not read as what they must be.
pub struct ReadRows<'t> {
    sql: &'t dyn Sql,
}

impl<'t> ReadRows<'t> {
    fn new(sql: &'t dyn Sql) -> Self {
        Self { sql }
    }
}

/// What a write transaction can change besides.
pub struct WriteRows<'t> {
    read: ReadRows<'t>,
}

impl<'t> WriteRows<'t> {
    fn new(sql: &'t dyn Sql) -> Self {
        Self {
            read: ReadRows::new(sql),
        }
    }
}

impl<'t> std::ops::Deref for WriteRows<'t> {
    type Target = ReadRows<'t>;
    fn deref(&self) -> &ReadRows<'t> {
        &self.read
    }
}
