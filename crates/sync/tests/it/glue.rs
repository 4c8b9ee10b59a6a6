//! What the tests share: clocks that are set, chance from a seed, requests carried to the model of the center.
use domain::UtcMs;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use sync::request::Request;
use sync::{Clock, Random, RawAnswer};
use testkit::center::{Asked, ModelCenter};

/// Some moment of a collection day.
pub const MORNING: i64 = 1_780_000_000_000;

/// A clock that is set by hand.
pub struct SetClock(pub AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> UtcMs {
        UtcMs(self.0.load(Ordering::SeqCst))
    }
}

/// SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.roll() % n
    }
    pub fn random(mut self) -> Random {
        Box::new(move || self.roll())
    }
}

/// Carries a request to the center and the answer back.
pub fn ask(center: &mut ModelCenter, request: &Request, now: UtcMs) -> RawAnswer {
    let headers: BTreeMap<_, _> = request
        .headers
        .iter()
        .map(|(n, v)| ((*n).to_owned(), v.clone()))
        .collect();
    let asked = Asked {
        method: request.method.as_str().to_owned(),
        target: request.target.clone(),
        headers,
        body: request.body.to_vec(),
    };
    let answered = center.answer(&asked, now);
    RawAnswer {
        status: answered.status,
        headers: answered.headers.into_iter().map(|(n, v)| (n.to_owned(), v)).collect(),
        body: answered.body.into(),
    }
}

/// What a hotel's network says to everything.
pub fn captive() -> RawAnswer {
    RawAnswer {
        status: 200,
        headers: vec![("content-type".to_owned(), "text/html".to_owned())],
        body: "<html>Welcome! Please log in.</html>".into(),
    }
}
