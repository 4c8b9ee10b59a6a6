//! Who waits for news of which station, in this process. News from another process is found by looking every second.
use crate::change::Told;
use crate::store::{SchoolCode, StationRow};
use domain::StationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Notify, watch};

/// Wakes waiting feeds.
#[derive(Debug)]
pub struct Wakes {
    waiting: Mutex<HashMap<SchoolCode, HashMap<StationId, Arc<Notify>>>>,
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
    pub fn bell(&self, station: &StationRow) -> Arc<Notify> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let school = waiting.entry(station.school.clone()).or_default();
        Arc::clone(school.entry(station.id).or_default())
    }

    /// Rings for stations whom the feed has news for.
    pub fn wake(&self, told: &Told) {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (school, who) in told {
            let bells = waiting.get(school).into_iter().flatten();
            for (_, bell) in bells.filter(|(station, _)| who.include(**station)) {
                bell.notify_waiters();
            }
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
