//! Who waits for news of which station, in this process. News from another process is found by looking every second.
use domain::StationId;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch};

/// Wakes waiting feeds.
#[derive(Debug)]
pub struct Wakes {
    waiting: Mutex<HashMap<StationId, Arc<Notify>>>,
    closing: watch::Sender<bool>,
}

impl Default for Wakes {
    fn default() -> Self {
        Self {
            waiting: Mutex::default(),
            closing: watch::Sender::new(false),
        }
    }
}

impl Wakes {
    /// The bell of a station. There are never more bells than enrolled stations.
    pub fn bell(&self, station: StationId) -> Arc<Notify> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(waiting.entry(station).or_default())
    }

    /// Rings for stations whose feed has grown.
    pub fn wake(&self, stations: BTreeSet<StationId>) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for bell in stations.iter().filter_map(|s| waiting.get(s)) {
            bell.notify_waiters();
        }
    }

    /// Lets all waiting feeds answer at once: the center is stopping.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Turns true when the center stops.
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.closing.subscribe()
    }
}
