//! The PostgreSQL engine: a pool of connections, writes that take turns by school and share their commits, and plain words for a
//! server that is away.
//!
//! Work blocks like with every engine: the caller's thread carries its connection itself (see [`line`]), so it may be any thread.
mod failure;
mod line;
mod pool;

use super::migrations;
use super::sql::{Cell, Param, Row, Sql};
use super::turns::{Ended, Shared, Turns};
use super::{CentralStore, ReadRows, ReadWork, SchoolCode, Stored, WriteWork};
use crate::error::CentralError;
use failure::{Doing, Failure};
use line::Line;
use pool::{Lent, Pool};
use std::cell::Cell as Flag;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Config;
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
        let invalid = || wire::Invalid::new("database_url", "must be postgres://user@host:port/name");
        let mut config: Config = address.parse().map_err(|_| invalid())?;
        config.options(SESSION).application_name("central");
        let store = Self {
            turns: Turns::default(),
            lines: Default::default(),
            pool: Pool::new(config, connections.max(2), WAIT),
        };
        store.migrate()?;
        Ok(store)
    }

    fn connect(&self, first: Option<&'static str>) -> Stored<Transaction> {
        let lent = self.pool.take().map_err(|reason| {
            tracing::warn!(%reason, "no connection to the database");
            CentralError::Away {
                doing: "connecting to the database",
            }
        })?;
        Ok(Transaction {
            lent,
            first: Flag::new(first),
            open: Flag::new(false),
            marked: Flag::new(false),
        })
    }

    fn begin(&self, how: &str) -> Stored<Transaction> {
        let transaction = self.connect(None)?;
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
            let transaction = self.connect(Some(READ))?;
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

    fn backup(&self, dir: &std::path::Path) -> Stored<()> {
        super::copy::to_folder(self, dir)
    }
}

/// A transaction on a connection of the pool; rolled back unless it is committed.
struct Transaction {
    lent: Lent,
    /// What begins it, sent together with its first statement.
    first: Flag<Option<&'static str>>,
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
        let line = self.line()?;
        line.run(line.client().batch_execute(sql)).doing(doing)
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

    /// Runs a statement; the first one of a transaction goes with its beginning.
    fn run<T>(&self, doing: &'static str, work: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Stored<T> {
        let line = self.line()?;
        let Some(first) = self.first.take() else {
            return line.run(work).doing(doing);
        };
        self.open.set(true);
        let both = futures_util::future::join(line.client().batch_execute(first), work);
        let (began, done) = line.run(both);
        began.doing("beginning")?;
        done.doing(doing)
    }

    fn statement(&self, doing: &'static str, sql: &str, params: &[Param]) -> Stored<tokio_postgres::Statement> {
        let types: Vec<Type> = params
            .iter()
            .map(|p| match p {
                Param::Int(_) => Type::INT8,
                Param::Text(_) => Type::TEXT,
                Param::Bytes(_) => Type::BYTEA,
            })
            .collect();
        self.line()?.prepared(&numbered(sql), &types).doing(doing)
    }
}

impl Shared for Transaction {
    fn mark(&self) -> Stored<()> {
        let sql = if self.marked.replace(true) {
            "RELEASE work; SAVEPOINT work"
        } else {
            "SAVEPOINT work"
        };
        self.batch("marking a place", sql)
    }
    fn back(&self) -> Stored<()> {
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
