//! The SQLite engine: one connection writes, a few read, WAL, every commit synced to disk; writers that wait share one.
//! Another process (the `central` command beside a running server) may write too; a lost race is run again.
use super::migrations;
use super::sql::{Cell, Param, Row, Sql};
use super::turns::{Ended, Shared, Turns};
use super::{CentralStore, ReadRows, ReadWork, Stored, WriteWork};
use crate::error::CentralError;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use std::cell::Cell as Flag;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Name of the database in the data directory, and in a backup.
pub const DATABASE_FILE: &str = "central.db";
/// Connections that read.
const READERS: usize = 4;
/// How long a connection waits for another process before the work counts as having lost a race.
const BUSY: Duration = Duration::from_secs(5);
/// How often work that lost a race is run in all.
const RUNS: u32 = 5;
/// Prepared statements kept for each connection; there are fewer in the tables.
const STATEMENTS: usize = 256;

/// The embedded database of a center.
pub struct SqliteStore {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    turns: Turns<Open>,
    /// Away while a transaction is open. After the readers: the last connection to close empties the log into the file, and readers
    /// cannot.
    writer: Home,
    returned: Condvar,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// Opens or makes the database in a folder and brings it to the present version.
    ///
    /// # Errors
    /// When it cannot be opened, is no database, or is from a newer version.
    pub fn open(dir: &Path) -> Stored<Self> {
        let path = dir.join(DATABASE_FILE);
        let mut writer = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        writer
            .pragma_update(None, "journal_mode", "wal")
            .doing("switching to write-ahead logging")?;
        writer
            .pragma_update(None, "synchronous", "full")
            .doing("asking for synced commits")?;
        migrate(&mut writer)?;
        let readers = (0..READERS)
            .map(|_| connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY))
            .collect::<Stored<_>>()?;
        Ok(Self {
            path,
            turns: Turns::default(),
            writer: Arc::new(Mutex::new(Some(writer))),
            readers: Mutex::new(readers),
            returned: Condvar::new(),
        })
    }

    fn borrow_reader(&self) -> Connection {
        let mut free = locked(&self.readers);
        loop {
            match free.pop() {
                Some(connection) => return connection,
                None => free = self.returned.wait(free).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// A panic in some work leaves rows as they were (its transaction is rolled back), so the connection is still good.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, flags: OpenFlags) -> Stored<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).doing("opening the database")?;
    connection.busy_timeout(BUSY).doing("setting the busy time")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Immediate, so that of two programs that start at once the second one finds the work done.
fn migrate(connection: &mut Connection) -> Stored<()> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .doing("beginning to migrate")?;
    transaction
        .execute_batch(migrations::TABLE)
        .doing("preparing to migrate")?;
    for migration in migrations::missing(&Rows(&transaction))? {
        transaction
            .execute_batch(migration.ddl)
            .doing("migrating the database")?;
        migrations::record(&Rows(&transaction), migration)?;
    }
    transaction.commit().doing("committing the migrations")
}

/// Gives a reader back, also when the work panics.
struct Borrowed<'s> {
    store: &'s SqliteStore,
    connection: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        locked(&self.store.readers).extend(self.connection.take());
        self.store.returned.notify_one();
    }
}

impl CentralStore for SqliteStore {
    fn read(&self, work: &mut ReadWork<'_>) -> Stored<()> {
        let mut borrowed = Borrowed {
            store: self,
            connection: Some(self.borrow_reader()),
        };
        let Some(connection) = borrowed.connection.as_mut() else {
            return Err(CentralError::Busy { doing: "reading" });
        };
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .doing("beginning to read")?;
        work(&ReadRows::new(&Rows(&transaction)))?;
        transaction.finish().doing("ending to read")
    }

    fn write(&self, work: &mut WriteWork<'_>) -> Stored<()> {
        let mut once = || match self.turns.run(|| Open::begin(&self.writer), work)? {
            Ended::Kept => Ok(()),
            Ended::Lost => Err(CentralError::Busy { doing: "writing" }),
            Ended::Unsure(doing) => Err(CentralError::Away { doing }),
        };
        for _ in 1..RUNS {
            match once() {
                // SQLite has waited `BUSY` already; nothing is gained by waiting more between the runs.
                Err(CentralError::Busy { .. }) => {}
                done => return done,
            }
        }
        once()
    }

    fn backup(&self, dir: &Path) -> Stored<()> {
        let source = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let target = dir.join(DATABASE_FILE);
        source
            .backup("main", target, None::<fn(rusqlite::backup::Progress)>)
            .doing("copying the database")
    }
}

/// Where the connection that writes is between transactions.
type Home = Arc<Mutex<Option<Connection>>>;

/// The transaction that writes, on its connection.
struct Open {
    connection: Option<Connection>,
    home: Home,
    marked: Flag<bool>,
}

impl Open {
    fn begin(home: &Home) -> Stored<Self> {
        let connection = locked(home).take();
        let open = Self {
            connection,
            home: Arc::clone(home),
            marked: Flag::new(false),
        };
        open.run("beginning to write", "BEGIN IMMEDIATE")?;
        Ok(open)
    }

    fn rows(&self, doing: &'static str) -> Stored<Rows<'_>> {
        self.connection.as_ref().map(Rows).ok_or(CentralError::Busy { doing })
    }

    fn run(&self, doing: &'static str, sql: &str) -> Stored<()> {
        self.rows(doing)?.execute(doing, sql, &[]).map(drop)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.connection.as_ref().is_some_and(|c| !c.is_autocommit()) {
            // When even this fails the next one cannot begin, and says so.
            let _ = self.run("rolling back", "ROLLBACK");
        }
        *locked(&self.home) = self.connection.take();
    }
}

impl Sql for Open {
    fn query(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<Vec<Row>> {
        self.rows(doing)?.query(doing, sql, params)
    }
    fn execute(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<usize> {
        self.rows(doing)?.execute(doing, sql, params)
    }
}

impl Shared for Open {
    fn mark(&self) -> Stored<()> {
        if self.marked.replace(true) {
            self.run("leaving a place", "RELEASE work")?;
        }
        self.run("marking a place", "SAVEPOINT work")
    }
    fn back(&self) -> Stored<()> {
        // A full disk ends the whole transaction; then there is no such place any more.
        self.run("going back", "ROLLBACK TO work")
    }
    fn commit(self) -> Stored<()> {
        self.run("committing", "COMMIT")
    }
}

/// A transaction of a connection.
struct Rows<'c>(&'c Connection);

impl Sql for Rows<'_> {
    fn query(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<Vec<Row>> {
        let mut statement = self.0.prepare_cached(sql).doing(doing)?;
        let names: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query(rusqlite::params_from_iter(params)).doing(doing)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().doing(doing)? {
            let cells = (0..names.len())
                .map(|at| Ok(from_sqlite(row.get_ref(at)?)))
                .collect::<rusqlite::Result<Vec<_>>>()
                .doing(doing)?;
            found.push(Row {
                names: Arc::clone(&names),
                cells: cells.into_iter().collect::<Stored<_>>()?,
            });
        }
        Ok(found)
    }

    fn execute(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<usize> {
        let mut statement = self.0.prepare_cached(sql).doing(doing)?;
        statement.execute(rusqlite::params_from_iter(params)).doing(doing)
    }
}

fn from_sqlite(value: ValueRef<'_>) -> Stored<Cell> {
    match value {
        ValueRef::Null => Ok(Cell::Null),
        ValueRef::Integer(n) => Ok(Cell::Int(n)),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(|text| Cell::Text(text.to_owned()))
            .map_err(|_| CentralError::corrupt("text")),
        ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => Err(CentralError::corrupt("number")),
    }
}

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Int(Some(n)) => ValueRef::Integer(*n),
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Self::Int(None) | Self::Text(None) | Self::Bytes(None) => ValueRef::Null,
        }))
    }
}

/// Adds what was being done.
trait Doing<T> {
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
