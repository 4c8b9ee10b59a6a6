//! Reading connections, opened when first needed, kept, and never more than [`MAX_READERS`] at once.
use crate::conn::Conn;
use crate::error::StoreError;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Most reads at the same time; further ones wait.
pub const MAX_READERS: usize = 4;

#[derive(Default)]
pub(crate) struct Readers {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Conn>,
    lent: usize,
}

impl Readers {
    /// Lends a connection for the time of `look`.
    pub(crate) fn lend<T>(
        &self,
        open: impl FnOnce() -> Result<Conn, StoreError>,
        look: impl FnOnce(&Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _place = self.take_place();
        let idle = self.lock().idle.pop();
        let conn = idle.map_or_else(open, Ok)?;
        let value = look(&conn);
        self.lock().idle.push(conn);
        value
    }

    fn take_place(&self) -> Place<'_> {
        let mut state = self.lock();
        while state.lent == MAX_READERS {
            state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.lent += 1;
        Place(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Given back also when `look` panics.
struct Place<'a>(&'a Readers);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lock().lent -= 1;
        self.0.freed.notify_one();
    }
}
