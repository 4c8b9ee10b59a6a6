//! The PostgreSQL engine: a pool of connections, writes that take turns by school and share their commits, and plain words for a
//! server that is away.
//!
//! Work blocks like with every engine: the caller's thread carries its connection itself (see [`line`]), so it may be any thread.
mod failure;
mod line;
mod pool;
mod tls;

use super::migrations;
use super::sql::{Cell, Param, Row, Sql};
use super::turns::{Ended, Shared, Turns};
use super::{CentralStore, ReadRows, ReadWork, SchoolCode, Stored, WriteWork};
use crate::error::CentralError;
use failure::{Doing, Failure};
use line::Line;
use pool::{Lent, Pool};
use std::cell::{Cell as Flag, RefCell};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tls::Way;
use tokio_postgres::types::{ToSql, Type};

/// How often work that lost a race is run in all.
const RUNS: u32 = 24;
/// How often work is run whose connection was lost before it was to be committed.
const LOST_CONNECTIONS: u32 = 2;
/// How often work is run again that found a key taken which was free when it looked.
const TAKEN_KEYS: u32 = 2;
/// Longest wait before the second run; it doubles up to [`MAX_PAUSE_MS`].
const PAUSE_MS: u64 = 2;
/// Longest wait between two runs.
const MAX_PAUSE_MS: u64 = 100;
/// Longest wait for a connection of the pool, and for a new one.
const WAIT: Duration = Duration::from_secs(5);
/// Longest run of one statement, and longest pause between two of a transaction, in milliseconds.
const SESSION: &str = "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000";

/// Begins a transaction that makes the tables.
const MIGRATE: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";
/// Begins a transaction that writes anything, once all those before it have ended, of whichever center. Nearly every write tells all
/// stations of a school something, so that writers side by side would wait for each other's rows crosswise until the server ends
/// one a second. As there is only one at a time, each statement may see all that was kept before it, and nothing is ever in conflict.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; LOCK TABLE migration IN EXCLUSIVE MODE";
/// Begins a transaction that writes in one school: beside those of other schools, one after the other with those of its own. Each
/// statement takes its own view, so what was kept while waiting is seen.
const WRITE_IN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; LOCK TABLE migration IN ROW EXCLUSIVE MODE;
    SELECT pg_advisory_xact_lock(7400, ";
/// Schools are spread over so many locks, and as many connections at most.
const LINES: usize = 8;
/// Begins a transaction that sees one state.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A center's database on a server; several centers may share it.
pub struct PostgresStore {
    turns: Turns<Transaction>,
    /// By school.
    lines: [Turns<Transaction>; LINES],
    pool: Arc<Pool>,
}

impl std::fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Connects to a database by its address (`postgres://user:password@host:port/name`) with at most so many connections,
    /// and brings it to the present version.
    ///
    /// # Errors
    /// When the address does not hold, the server cannot be reached, or the database is of a newer version.
    pub fn open(address: &str, connections: usize) -> Stored<Self> {
        Self::open_with(address, None, connections)
    }

    /// [`PostgresStore::open`] of a server whose certificate comes from an authority in this file.
    ///
    /// # Errors
    /// As `open`; `NotTrusted` when the server is not the one that was meant or does not encrypt.
    pub fn open_with(address: &str, ca: Option<&Path>, connections: usize) -> Stored<Self> {
        let mut way = Way::read(address, ca)?;
        way.config.options(SESSION).application_name("central");
        if way.is_open_to_others() {
            tracing::warn!("the connection to the database is not encrypted: name database_ca or sslmode=require");
        }
        let store = Self {
            turns: Turns::default(),
            lines: Default::default(),
            pool: Pool::new(way, connections.max(2), WAIT),
        };
        store.migrate()?;
        Ok(store)
    }

    fn connect(&self) -> Stored<Transaction> {
        let lent = self.pool.take().map_err(|reason| {
            tracing::warn!(%reason, "no connection to the database");
            match reason.untrusted() {
                Some(why) => CentralError::NotTrusted { why },
                None => CentralError::Away {
                    doing: "connecting to the database",
                },
            }
        })?;
        Ok(Transaction {
            lent,
            sent: RefCell::default(),
            open: Flag::new(false),
            marked: Flag::new(false),
        })
    }

    fn begin(&self, how: &str) -> Stored<Transaction> {
        let transaction = self.connect()?;
        transaction.batch("beginning", how)?;
        transaction.open.set(true);
        Ok(transaction)
    }

    /// Of programs that migrate at once one wins; the others find the work done when they run again.
    fn migrate(&self) -> Stored<()> {
        let once = || -> Stored<()> {
            let transaction = self.begin(MIGRATE)?;
            transaction.batch("preparing to migrate", &migrations::for_postgres(migrations::TABLE))?;
            for migration in migrations::missing(&transaction)? {
                // The row first: it is what of two programs only one can add.
                migrations::record(&transaction, migration)?;
                transaction.batch("migrating the database", &migrations::for_postgres(migration.ddl))?;
            }
            transaction.commit()
        };
        again(once, Failure::is_race_of_migrations)
    }
}

/// Runs work again that lost a race, with growing pauses.
fn again(mut once: impl FnMut() -> Stored<()>, is_race: impl Fn(&CentralError) -> bool) -> Stored<()> {
    let (mut lost_connections, mut taken_keys) = (0, 0);
    for run in 1..RUNS {
        match once() {
            Err(CentralError::Away { .. }) if lost_connections < LOST_CONNECTIONS => lost_connections += 1,
            Err(error) if taken_keys < TAKEN_KEYS && Failure::is_taken_key(&error) => taken_keys += 1,
            Err(error) if is_race(&error) => {
                let most = (PAUSE_MS << run.min(16)).min(MAX_PAUSE_MS);
                let chance = getrandom::u64().unwrap_or(u64::from(run));
                std::thread::sleep(Duration::from_millis(1 + chance % most));
            }
            done => return done,
        }
    }
    once()
}

impl CentralStore for PostgresStore {
    fn read(&self, work: &mut ReadWork<'_>) -> Stored<()> {
        let once = || {
            let transaction = self.connect()?;
            transaction.batch_later("beginning", READ)?;
            transaction.open.set(true);
            work(&ReadRows::new(&transaction))?;
            transaction.leave();
            Ok(())
        };
        again(once, Failure::is_race)
    }

    fn write(&self, work: &mut WriteWork<'_>) -> Stored<()> {
        self.take_turns(&self.turns, WRITE, work)
    }

    fn write_in(&self, school: &SchoolCode, work: &mut WriteWork<'_>) -> Stored<()> {
        // The same in every center on this database, of whichever version.
        let sum = school
            .as_str()
            .bytes()
            .fold(0, |sum: usize, byte| sum * 31 % 1009 + usize::from(byte));
        let line = sum % LINES;
        self.take_turns(&self.lines[line], &format!("{WRITE_IN}{line})"), work)
    }

    fn backup(&self, dir: &Path) -> Stored<()> {
        super::copy::to_folder(self, dir)
    }
}

/// A statement on its way.
type Sent = Pin<Box<dyn Future<Output = Result<(), tokio_postgres::Error>> + Send>>;

/// A transaction on a connection of the pool; rolled back unless it is committed.
struct Transaction {
    lent: Lent,
    /// What was sent, or goes with the next statement that is waited for, and what it was about.
    sent: RefCell<Vec<(&'static str, Sent)>>,
    open: Flag<bool>,
    marked: Flag<bool>,
}

impl Transaction {
    fn line(&self) -> Stored<&Line> {
        self.lent.line().ok_or(CentralError::Away {
            doing: "using a connection",
        })
    }

    fn batch(&self, doing: &'static str, sql: &str) -> Stored<()> {
        self.run(doing, self.line()?.client().batch_execute(sql))
    }

    /// Sends statements with the next one that is waited for.
    fn batch_later(&self, doing: &'static str, sql: &'static str) -> Stored<()> {
        let client = Arc::clone(self.line()?.client());
        self.later(doing, Box::pin(async move { client.batch_execute(sql).await }));
        Ok(())
    }

    fn later(&self, doing: &'static str, mut work: Sent) {
        // Its first step puts it in line behind what was sent before.
        let work: Sent = match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => Box::pin(std::future::ready(done)),
            Poll::Pending => work,
        };
        self.sent.borrow_mut().push((doing, work));
    }

    fn commit(self) -> Stored<()> {
        self.batch("committing", "COMMIT")?;
        self.open.set(false);
        Ok(())
    }

    /// Ends a transaction that has only read; its end is not waited for.
    fn leave(self) {
        if self.open.replace(false)
            && let Some(line) = self.lent.line()
        {
            line.send(line.client().batch_execute("COMMIT"));
        }
    }

    /// Runs a statement to its end, and with it what was sent before: that failed first, if it did.
    fn run<T>(&self, doing: &'static str, work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Stored<T> {
        let sent = self.sent.take();
        let before = async {
            let mut first = Ok(());
            // All of them, one after the other: answers nobody takes would hold up those behind them.
            for (doing, work) in sent {
                let done = work.await.doing(doing);
                first = first.and(done);
            }
            first
        };
        let (before, done) = self.line()?.run(futures_util::future::join(before, work));
        before?;
        done.doing(doing)
    }

    fn statement(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<tokio_postgres::Statement> {
        let line = self.line()?;
        if let Some(known) = line.prepared(sql) {
            return Ok(known);
        }
        let types: Vec<Type> = params
            .iter()
            .map(|p| match p {
                Param::Int(_) => Type::INT8,
                Param::Text(_) => Type::TEXT,
                Param::Bytes(_) => Type::BYTEA,
            })
            .collect();
        let translated = numbered(sql);
        let statement = self.run(doing, line.client().prepare_typed(&translated, &types))?;
        line.keep(sql, &statement);
        Ok(statement)
    }
}

const MARKING: &str = "marking a place";

impl Shared for Transaction {
    fn mark(&self) -> Stored<()> {
        let sql = if self.marked.replace(true) {
            "RELEASE work; SAVEPOINT work"
        } else {
            "SAVEPOINT work"
        };
        self.batch_later(MARKING, sql)
    }
    fn settle(&self) -> Stored<()> {
        self.run("settling", std::future::ready(Ok(())))
    }
    fn back(&self) -> Stored<()> {
        // What was sent may have failed as it liked; but back to this work's beginning leads only a mark that was made.
        let line = self.line()?;
        for (doing, work) in self.sent.take() {
            let done = line.run(work);
            if doing == MARKING {
                done.doing(doing)?;
            }
        }
        self.batch("going back", "ROLLBACK TO work")
    }
    fn commit(self) -> Stored<()> {
        Self::commit(self)
    }
}

impl PostgresStore {
    fn take_turns(&self, turns: &Turns<Transaction>, begin: &str, work: &mut WriteWork<'_>) -> Stored<()> {
        let mut unsure = None;
        let once = || {
            match turns.run(|| self.begin(begin), work)? {
                Ended::Kept => {}
                Ended::Lost => return Err(CentralError::Busy { doing: "writing" }),
                // Kept or not, nobody can tell: running it again could do it twice.
                Ended::Unsure(doing) => unsure = Some(doing),
            }
            Ok(())
        };
        again(once, Failure::is_race)?;
        match unsure {
            Some(doing) => Err(CentralError::Away { doing }),
            None => Ok(()),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Whatever becomes of what was sent, it is taken back.
        drop(self.sent.take());
        // A connection in an unknown state does not go back to the pool.
        if self.open.get() && self.batch("rolling back", "ROLLBACK").is_err() {
            self.lent.discard();
        }
    }
}

/// PostgreSQL's placeholders: `?1` is `$1`. Question marks stand nowhere else in the tables' SQL.
fn numbered(sql: &str) -> String {
    sql.replace('?', "$")
}

fn borrowed(params: &[Param]) -> Vec<&(dyn ToSql + Sync)> {
    params
        .iter()
        .map(|p| -> &(dyn ToSql + Sync) {
            match p {
                Param::Int(value) => value,
                Param::Text(value) => value,
                Param::Bytes(value) => value,
            }
        })
        .collect()
}

impl Sql for Transaction {
    fn query(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<Vec<Row>> {
        let statement = self.statement(doing, sql, params)?;
        let names: Arc<[String]> = statement.columns().iter().map(|c| c.name().to_owned()).collect();
        let params = borrowed(params);
        let rows = self.run(doing, self.line()?.client().query(&statement, &params))?;
        rows.iter()
            .map(|row| {
                let cells = (0..names.len()).map(|at| from_postgres(row, at, doing));
                Ok(Row {
                    names: Arc::clone(&names),
                    cells: cells.collect::<Stored<_>>()?,
                })
            })
            .collect()
    }

    fn execute(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<usize> {
        let statement = self.statement(doing, sql, params)?;
        let params = borrowed(params);
        let touched = self.run(doing, self.line()?.client().execute(&statement, &params))?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    fn execute_later(&self, doing: &'static str, sql: &str, params: Vec<Param>) -> Stored<()> {
        let statement = self.statement(doing, sql, &params)?;
        let client = Arc::clone(self.line()?.client());
        let work = async move { client.execute(&statement, &borrowed(&params)).await.map(drop) };
        self.later(doing, Box::pin(work));
        Ok(())
    }
}

fn from_postgres(row: &tokio_postgres::Row, at: usize, doing: &'static str) -> Stored<Cell> {
    let kind = row.columns()[at].type_();
    let cell = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at).doing(doing)?.map(Cell::Int),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(at)
            .doing(doing)?
            .map(|n| Cell::Int(i64::from(n))),
        Type::TEXT => row.try_get::<_, Option<String>>(at).doing(doing)?.map(Cell::Text),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at).doing(doing)?.map(Cell::Bytes),
        _ => return Err(CentralError::corrupt(format!("a column of type {kind}"))),
    };
    Ok(cell.unwrap_or(Cell::Null))
}
