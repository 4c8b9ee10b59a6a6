//! The version of what the windows see: every change bumps it, `watch` sleeps until it moves.
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A counter one can wait on.
#[derive(Debug, Default)]
pub struct Board {
    version: Mutex<u64>,
    moved: Condvar,
}

impl Board {
    /// Something changed.
    pub fn bump(&self) {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.moved.notify_all();
    }

    /// The version now.
    pub fn version(&self) -> u64 {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the version differs from `seen`, at most for `patience`. Returns the version then.
    pub fn wait(&self, seen: Option<u64>, patience: Duration) -> u64 {
        let end = Instant::now() + patience;
        let mut version = self.version.lock().unwrap_or_else(PoisonError::into_inner);
        while seen == Some(*version) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            version = self
                .moved
                .wait_timeout(version, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        *version
    }
}
