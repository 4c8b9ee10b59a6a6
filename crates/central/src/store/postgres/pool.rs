//! The connections of a center: made when they are needed, kept while they live, never more than the limit.
use super::failure::Failure;
use super::line::{Line, NoLine};
use super::tls::Way;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Connections to one database.
pub struct Pool {
    way: Way,
    most: usize,
    /// Longest wait for one that is in use, and for a new one.
    wait: Duration,
    kept: Mutex<Kept>,
    returned: Condvar,
}

#[derive(Default)]
struct Kept {
    idle: Vec<Line>,
    /// In use.
    out: usize,
}

impl Pool {
    /// A pool without connections yet.
    pub fn new(way: Way, most: usize, wait: Duration) -> Arc<Self> {
        Arc::new(Self {
            way,
            most,
            wait,
            kept: Mutex::default(),
            returned: Condvar::new(),
        })
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that lived a moment ago.
    ///
    /// # Errors
    /// When there is none in time.
    pub fn take(self: &Arc<Self>) -> Result<Lent, Failure> {
        let until = Instant::now() + self.wait;
        let mut kept = self.kept();
        while kept.out >= self.most {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Failure::all_in_use());
            }
            (kept, _) = self
                .returned
                .wait_timeout(kept, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
        kept.out += 1;
        let mut lent = Lent {
            pool: Arc::clone(self),
            line: kept.idle.pop(),
        };
        drop(kept);
        while lent.line.as_ref().is_some_and(|line| !line.is_alive()) {
            lent.line = self.kept().idle.pop();
        }
        if lent.line.is_none() {
            let made = Line::open(&self.way, self.wait);
            lent.line = Some(made.map_err(|why: NoLine| Failure::of_no_line(&why))?);
        }
        Ok(lent)
    }
}

/// A connection in use; it goes back when this is dropped.
pub struct Lent {
    pool: Arc<Pool>,
    line: Option<Line>,
}

impl Lent {
    /// In an unknown state it does not go back.
    pub fn discard(&mut self) {
        self.line = None;
    }
    /// The connection, unless it was discarded.
    pub fn line(&self) -> Option<&Line> {
        self.line.as_ref()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut kept = self.pool.kept();
        kept.out -= 1;
        kept.idle.extend(self.line.take());
        drop(kept);
        self.pool.returned.notify_one();
    }
}
