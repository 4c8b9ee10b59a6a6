//! How do writers share a commit? They take turns. Who is done while others wait leaves the transaction open for the next of them,
//! and waits; the last one commits for all. So a disk (or a standby) that takes its time is waited for once, not once for each.
//!
//! - Work that fails is taken back to where it began, and harms no one else's. Its refusal counts only once the transaction is
//!   kept: it may rest on rows of those before it.
//! - When the transaction is lost, nobody's work was done, and all are told to run again.
//! - Nobody waits for someone who is not there: a transaction is left open only to a writer that stands in line already, and at
//!   most [`MOST`] share one.
use super::sql::Sql;
use super::{Stored, WriteRows, WriteWork};
use crate::error::CentralError;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Works in one transaction. A row that each of them changes, as the counter of a feed is, gets a version from each, and PostgreSQL
/// goes through all of them at every further change: with 64 works and 64 stations it took a third of the orders.
const MOST: usize = 16;
/// A transaction older than this is not left to another one.
const LONGEST: Duration = Duration::from_millis(200);

/// A transaction that several works may share, one after the other. Dropped, it is rolled back.
pub trait Shared: Sql {
    /// Marks where the next work begins.
    ///
    /// # Errors
    /// Those of the engine; the transaction is of no use then.
    fn mark(&self) -> Stored<()>;
    /// Waits for everything that was sent and not waited for.
    ///
    /// # Errors
    /// Those of the work that sent it.
    fn settle(&self) -> Stored<()> {
        Ok(())
    }
    /// Takes everything back to the latest mark.
    ///
    /// # Errors
    /// As `mark`.
    fn back(&self) -> Stored<()>;
    /// Keeps it.
    ///
    /// # Errors
    /// Those of the engine; `Away` when nobody can tell whether it was kept.
    fn commit(self) -> Stored<()>;
}

/// What became of work that was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It is kept.
    Kept,
    /// Nobody can tell: the connection was lost while this was done.
    Unsure(&'static str),
    /// The transaction it was in is lost, and it with it.
    Lost,
}

/// The line of writers.
pub struct Turns<T> {
    line: Mutex<Line<T>>,
    free: Condvar,
}

struct Line<T> {
    taken: bool,
    waiting: usize,
    open: Option<Group<T>>,
}

/// An open transaction and those whose work is in it.
struct Group<T> {
    transaction: T,
    members: usize,
    since: Instant,
    /// After the transaction: it is rolled back before anybody is told.
    teller: Teller,
}

/// Tells those who left their work in a transaction that it is lost, unless they were told something else before.
#[derive(Default)]
struct Teller(Arc<Outcome>);

impl Drop for Teller {
    fn drop(&mut self) {
        self.0.tell(Ended::Lost);
    }
}

/// What those who left their work in a transaction wait for.
#[derive(Default)]
struct Outcome {
    ended: Mutex<Option<Ended>>,
    told: Condvar,
}

impl Outcome {
    fn tell(&self, ended: Ended) {
        locked(&self.ended).get_or_insert(ended);
        self.told.notify_all();
    }
    fn wait(&self) -> Ended {
        let mut ended = locked(&self.ended);
        loop {
            match *ended {
                Some(ended) => return ended,
                None => ended = self.told.wait(ended).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

fn locked<V>(mutex: &Mutex<V>) -> MutexGuard<'_, V> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Group<T> {
    fn new(transaction: T) -> Self {
        Self {
            transaction,
            members: 0,
            since: Instant::now(),
            teller: Teller::default(),
        }
    }
}

/// Somebody's turn; it ends when this is dropped, whatever happens.
struct Turn<'t, T> {
    turns: &'t Turns<T>,
    /// What is left to the next one.
    left: Option<Group<T>>,
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        let mut line = locked(&self.turns.line);
        line.open = self.left.take();
        line.taken = false;
        drop(line);
        self.turns.free.notify_one();
    }
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self {
            line: Mutex::new(Line {
                taken: false,
                waiting: 0,
                open: None,
            }),
            free: Condvar::new(),
        }
    }
}

impl<T: Shared> Turns<T> {
    /// Runs work in a transaction of its own or in that of those before it, and waits until that has ended.
    ///
    /// # Errors
    /// Those of the work, those of `begin`, and those of the engine; `Busy` when the transaction was lost through no fault of this
    /// work, which may be run again then.
    pub fn run(&self, begin: impl FnOnce() -> Stored<T>, work: &mut WriteWork<'_>) -> Stored<Ended> {
        let (mut turn, open) = self.enter();
        let mut group = match open {
            Some(group) => group,
            None => Group::new(begin()?),
        };
        if group.members > 0 {
            group.transaction.mark()?;
        }
        let ran = catch_unwind(AssertUnwindSafe(|| {
            work(&WriteRows::new(&group.transaction)).and_then(|()| group.transaction.settle())
        }));
        let failed = !matches!(ran, Ok(Ok(())));
        // Alone, nothing needs to be kept; with others, what they did is still good if this can be taken back.
        if failed && (group.members == 0 || group.transaction.back().is_err()) {
            drop((group, turn));
            return ended(Ended::Lost, ran);
        }
        group.members += 1;
        let outcome = Arc::clone(&group.teller.0);
        if self.anyone_waits() && group.members < MOST && group.since.elapsed() < LONGEST {
            turn.left = Some(group);
            drop(turn);
            return match outcome.wait() {
                Ended::Lost => Err(CentralError::Busy {
                    doing: "sharing a transaction",
                }),
                kept => ended(kept, ran),
            };
        }
        let kept = match group.transaction.commit() {
            Ok(()) => Ended::Kept,
            Err(CentralError::Away { doing }) => Ended::Unsure(doing),
            // Told as it is to the one who found it; the others run again.
            Err(error) => return Err(error),
        };
        outcome.tell(kept);
        drop(turn);
        ended(kept, ran)
    }

    fn enter(&self) -> (Turn<'_, T>, Option<Group<T>>) {
        let mut line = locked(&self.line);
        line.waiting += 1;
        while line.taken {
            line = self.free.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
        line.waiting -= 1;
        line.taken = true;
        let open = line.open.take();
        (
            Turn {
                turns: self,
                left: None,
            },
            open,
        )
    }

    fn anyone_waits(&self) -> bool {
        locked(&self.line).waiting > 0
    }
}

fn ended(how: Ended, ran: std::thread::Result<Stored<()>>) -> Stored<Ended> {
    match ran {
        Ok(done) => done.map(|()| how),
        Err(panic) => resume_unwind(panic),
    }
}
