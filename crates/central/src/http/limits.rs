//! What keeps one station, or a stranger, from taking the center for itself: turns, nonces, gates and counters, all bounded.
use super::fault::Fault;
use crate::center::Central;
use crate::config::Limits;
use crate::error::CentralError;
use axum::http::StatusCode;
use domain::{StationId, UtcMs};
use sha2::Digest;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use wire::problem::Code;
use wire::signature::MAX_SKEW_S;

/// Wrong guesses are counted over this time.
const GUESS_WINDOW_MS: i64 = 10 * 60_000;
/// Addresses whose wrong guesses are counted at once; past that only the sum of all counts.
const MAX_ADDRESSES: usize = 10_000;

/// All guards of a center.
pub struct Guards {
    store: Arc<Semaphore>,
    photos: Arc<Semaphore>,
    shown: Arc<Semaphore>,
    /// Feeds that may wait.
    pub waiters: Arc<Semaphore>,
    turns: Mutex<HashMap<StationId, Turn>>,
    burst: f64,
    per_ms: f64,
    /// Nonces that were used.
    pub nonces: Nonces,
    /// Wrong enrolment codes.
    pub enrol: Failures,
    /// Files that were no bundles for this center.
    pub bundles: Failures,
    /// Wrong passwords.
    pub logins: Failures,
    /// Codes for mobile numbers that were asked for, and wrong ones, by address.
    pub phones: Failures,
    /// The same, by station.
    pub station_phones: Failures<StationId>,
    /// What was done since the start.
    pub counters: Counters,
}

struct Turn {
    tokens: f64,
    at: UtcMs,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Guards {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            store: Arc::new(Semaphore::new(limits.store_calls.max(1))),
            photos: Arc::new(Semaphore::new(limits.photo_checks.max(1))),
            shown: Arc::new(Semaphore::new(limits.photo_checks.max(1))),
            waiters: Arc::new(Semaphore::new(limits.feed_waiters)),
            turns: Mutex::default(),
            burst: f64::from(limits.station_burst),
            per_ms: f64::from(limits.station_per_s.max(1)) / 1000.0,
            nonces: Nonces::new(limits.nonces),
            enrol: Failures::new(limits.enrol_failures),
            bundles: Failures::new(limits.enrol_failures),
            logins: Failures::new(limits.enrol_failures),
            phones: Failures::new(limits.phone_codes),
            station_phones: Failures::new(limits.phone_codes),
            counters: Counters::default(),
        }
    }

    /// When a station was last heard, since this center's start.
    pub fn heard(&self, station: &StationId) -> Option<UtcMs> {
        locked(&self.turns).get(station).map(|turn| turn.at)
    }

    /// Takes one turn of a station, or tells in how many milliseconds there is one. Never more turns than enrolled stations.
    pub fn take_turn(&self, station: StationId, now: UtcMs) -> Result<(), u64> {
        let mut turns = locked(&self.turns);
        let turn = turns.entry(station).or_insert(Turn {
            tokens: self.burst,
            at: now,
        });
        let passed = now.since(turn.at).max(0) as f64;
        turn.tokens = (turn.tokens + passed * self.per_ms).min(self.burst);
        turn.at = now;
        if turn.tokens < 1.0 {
            return Err(((1.0 - turn.tokens) / self.per_ms).ceil() as u64);
        }
        turn.tokens -= 1.0;
        Ok(())
    }
}

impl Central {
    /// Runs blocking work of the store on its bounded threads.
    pub(crate) async fn at_store<T, F>(&self, work: F) -> Result<T, CentralError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, CentralError> + Send + 'static,
    {
        self.gated(&self.guards().store, "waiting for the store", work).await
    }

    /// Runs work that checks photos; fewer at once, for their memory.
    pub(crate) async fn at_photos<T, F>(&self, work: F) -> Result<T, CentralError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, CentralError> + Send + 'static,
    {
        self.gated(&self.guards().photos, "waiting to check a photo", work)
            .await
    }

    /// Runs work that makes pictures for graduates: it never takes the turn of a photo that comes in.
    pub(crate) async fn at_shown<T, F>(&self, work: F) -> Result<T, CentralError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, CentralError> + Send + 'static,
    {
        self.gated(&self.guards().shown, "waiting to make a picture", work)
            .await
    }

    async fn gated<T, F>(&self, gate: &Arc<Semaphore>, doing: &'static str, work: F) -> Result<T, CentralError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, CentralError> + Send + 'static,
    {
        let turn = tokio::time::timeout(self.config().limits.store_wait, Arc::clone(gate).acquire_owned()).await;
        let Ok(Ok(permit)) = turn else {
            return Err(CentralError::Busy { doing });
        };
        let central = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a request that is gone still counts until its work has ended.
            let _permit = permit;
            work(&central)
        });
        done.await
            .map_err(|e| CentralError::Worker(if e.is_panic() { "panicked" } else { "stopped" }.to_owned()))?
    }
}

/// Remembers each nonce for as long as its signature could be replayed. Nobody is refused for want of room: past the limit whoever
/// asked most often loses their oldest, so that no station costs another one anything. A request sent again then does nothing, as
/// after a restart or at another process: ops and photos are idempotent and enrolment codes are used once.
pub struct Nonces {
    most: usize,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    stations: HashMap<StationId, OfStation>,
    total: usize,
}

#[derive(Default)]
struct OfStation {
    known: HashSet<[u8; 16]>,
    order: VecDeque<(UtcMs, [u8; 16])>,
}

impl OfStation {
    fn forget_oldest(&mut self) {
        if let Some((_, old)) = self.order.pop_front() {
            self.known.remove(&old);
        }
    }

    /// `created` may lie ahead by the allowed skew, and a signature lives that long after `created`. How many that were.
    fn forget_expired(&mut self, now: UtcMs) -> usize {
        const KEPT_MS: i64 = 2 * MAX_SKEW_S * 1000;
        let before = self.order.len();
        while self.order.front().is_some_and(|(at, _)| now.since(*at) > KEPT_MS) {
            self.forget_oldest();
        }
        before - self.order.len()
    }
}

impl Used {
    /// Makes room for one: what expired goes first, then the oldest of whoever has most.
    fn make_room(&mut self, now: UtcMs) {
        let mut expired = 0;
        self.stations.retain(|_, of| {
            expired += of.forget_expired(now);
            !of.order.is_empty()
        });
        self.total -= expired;
        if expired == 0
            && let Some(busiest) = self.stations.values_mut().max_by_key(|of| of.order.len())
        {
            busiest.forget_oldest();
            self.total -= 1;
        }
    }
}

impl Nonces {
    fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            used: Mutex::default(),
        }
    }

    /// Remembers a nonce of a station.
    ///
    /// # Errors
    /// `bad_signature` when it was used before.
    pub fn remember(&self, station: StationId, nonce: &str, now: UtcMs) -> Result<(), Fault> {
        let hash = sha2::Sha256::digest(nonce);
        let mut key = [0; 16];
        key.copy_from_slice(&hash[..16]);
        let mut used = locked(&self.used);
        let of = used.stations.entry(station).or_default();
        let expired = of.forget_expired(now);
        let is_new = of.known.insert(key);
        if is_new {
            of.order.push_back((now, key));
        }
        used.total = used.total + usize::from(is_new) - expired;
        if used.total > self.most {
            used.make_room(now);
        }
        if is_new {
            Ok(())
        } else {
            Err(Fault::new(Code::BadSignature, "The request was sent before"))
        }
    }
}

/// Counts wrong guesses of strangers, by address or by station and in all.
pub struct Failures<From = IpAddr> {
    most: u32,
    seen: Mutex<HashMap<Option<From>, (UtcMs, u32)>>,
}

impl<From: Eq + Hash + Copy> Failures<From> {
    fn new(most: u32) -> Self {
        Self {
            most,
            seen: Mutex::default(),
        }
    }

    /// Whether one more may be tried from this address.
    pub fn may_try(&self, from: Option<From>, now: UtcMs) -> bool {
        let mut seen = locked(&self.seen);
        seen.retain(|_, (since, _)| now.since(*since).abs() < GUESS_WINDOW_MS);
        let all: u32 = seen.values().map(|(_, n)| *n).sum();
        let here = seen.get(&from).map_or(0, |(_, n)| *n);
        here < self.most && all < self.most.saturating_mul(10)
    }

    /// Counts a wrong one, or one of anything else that may not be many.
    pub fn failed(&self, from: Option<From>, now: UtcMs) {
        let mut seen = locked(&self.seen);
        let from = if seen.len() < MAX_ADDRESSES { from } else { None };
        let (_, count) = seen.entry(from).or_insert((now, 0));
        *count = count.saturating_add(1);
    }
}

/// What was done since the start, for `/metrics`.
#[derive(Debug, Default)]
pub struct Counters {
    /// Answers by class: 2xx, 4xx, 5xx, others.
    classes: [AtomicU64; 4],
    /// Ops that took effect, duplicates too.
    pub ops_applied: AtomicU64,
    /// Ops answered as held.
    pub ops_held: AtomicU64,
    /// Ops refused.
    pub ops_rejected: AtomicU64,
    /// Photos taken in for the first time.
    pub photos_stored: AtomicU64,
}

impl Counters {
    /// Counts an answer.
    pub fn answered(&self, status: StatusCode) {
        let class = match status.as_u16() {
            200..=299 => 0,
            400..=499 => 1,
            500..=599 => 2,
            _ => 3,
        };
        self.classes[class].fetch_add(1, Ordering::Relaxed);
    }

    /// The counters in the text form of Prometheus.
    pub fn text(&self) -> String {
        let mut text = String::from("# TYPE central_answers_total counter\n");
        for (class, count) in ["2xx", "4xx", "5xx", "other"].iter().zip(&self.classes) {
            let count = count.load(Ordering::Relaxed);
            text.push_str(&format!("central_answers_total{{class=\"{class}\"}} {count}\n"));
        }
        text.push_str("# TYPE central_ops_total counter\n");
        let ops = [
            ("applied", &self.ops_applied),
            ("held", &self.ops_held),
            ("rejected", &self.ops_rejected),
        ];
        for (outcome, count) in ops {
            let count = count.load(Ordering::Relaxed);
            text.push_str(&format!("central_ops_total{{outcome=\"{outcome}\"}} {count}\n"));
        }
        let photos = self.photos_stored.load(Ordering::Relaxed);
        text.push_str(&format!(
            "# TYPE central_photos_stored_total counter\ncentral_photos_stored_total {photos}\n"
        ));
        text
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn station(n: u128) -> StationId {
        StationId(uuid::Uuid::from_u128(n))
    }

    fn again(nonces: &Nonces, of: StationId, nonce: &str, now: UtcMs) -> bool {
        nonces.remember(of, nonce, now).is_err()
    }

    #[test]
    fn a_nonce_counts_once_for_its_station_and_its_time() {
        let nonces = Nonces::new(100);
        let (a, b, now) = (station(1), station(2), UtcMs(0));
        assert!(!again(&nonces, a, "x", now));
        assert!(again(&nonces, a, "x", now));
        assert!(!again(&nonces, b, "x", now), "another station's own");
        let late = now.plus(2 * MAX_SKEW_S * 1000);
        assert!(again(&nonces, a, "x", late));
        assert!(!again(&nonces, a, "x", late.plus(1)), "its signature is long too old");
    }

    /// More than can be remembered, all of it legal: nobody is refused, and only whoever asks most loses anything.
    #[test]
    fn a_busy_station_costs_a_quiet_one_nothing() {
        let nonces = Nonces::new(1000);
        let (quiet, busy, now) = (station(1), station(2), UtcMs(0));
        for n in 0..10 {
            assert!(!again(&nonces, quiet, &n.to_string(), now));
        }
        for n in 0..5000 {
            assert!(!again(&nonces, busy, &n.to_string(), now), "{n}");
        }
        for n in 0..10 {
            assert!(again(&nonces, quiet, &n.to_string(), now), "{n} of the quiet one");
        }
        assert!(again(&nonces, busy, "4999", now), "the latest of the busy one");
        assert!(again(&nonces, busy, "4010", now));
        assert!(!again(&nonces, busy, "0", now), "its oldest is forgotten");
        let used = locked(&nonces.used);
        let kept: usize = used.stations.values().map(|of| of.order.len()).sum();
        assert_eq!((kept, used.total), (1000, 1000));
    }

    #[test]
    fn what_expired_makes_room_before_anything_else_does() {
        let nonces = Nonces::new(100);
        for n in 0..100 {
            assert!(!again(&nonces, station(1), &n.to_string(), UtcMs(0)));
        }
        let later = UtcMs(2 * MAX_SKEW_S * 1000 + 1);
        assert!(!again(&nonces, station(2), "x", later));
        assert!(again(&nonces, station(2), "x", later));
        assert_eq!(
            locked(&nonces.used).stations.len(),
            1,
            "the station that asks no more is gone"
        );
    }
}
