//! Writers that share a commit: what fails in one of them is taken back alone.
use super::{read, school, station};
use central::CentralError;
use central::store::{CentralStore, Hearers};
use domain::UtcMs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use wire::feed::FeedBody;

const WRITERS: u64 = 12;
const EACH: u64 = 20;

/// A third of the work is refused after it has written, a twelfth panics, the rest is kept: each exactly as it was told.
pub fn share_commits(store: &dyn CentralStore) {
    let to = station(2).id;
    let before = read(store, |rows| rows.station(&to)).unwrap().feed_seq;
    let start = Barrier::new(WRITERS as usize);
    let kept: u64 = std::thread::scope(|scope| {
        let writer = |writer: u64| {
            start.wait();
            (0..EACH).map(|n| u64::from(one(store, writer, n))).sum::<u64>()
        };
        let writers: Vec<_> = (0..WRITERS).map(|w| scope.spawn(move || writer(w))).collect();
        writers.into_iter().map(|w| w.join().unwrap()).sum()
    });
    assert_eq!(kept, WRITERS * EACH * 7 / 12);
    let row = read(store, |rows| rows.station(&to)).unwrap();
    assert_eq!(row.feed_seq - before, kept, "refused and panicking work left nothing");
    let events = read(store, |rows| rows.feed(&row, before + 1..=row.feed_seq, usize::MAX));
    assert_eq!(events.len() as u64, kept);
    assert!(events.iter().zip(before + 1..).all(|(event, seq)| event.seq == seq));
}

/// Whether the work of this writer was kept.
fn one(store: &dyn CentralStore, writer: u64, n: u64) -> bool {
    let fate = (writer + n) % 12;
    let ran = catch_unwind(AssertUnwindSafe(|| {
        store.writing(|rows| {
            rows.push_feed(&school(), Hearers::Only(station(2).id), UtcMs(1), &FeedBody::Unknown)?;
            match fate {
                0..=3 => Err(CentralError::EnrolCode),
                4 => panic!("as a bug would"),
                _ => Ok(()),
            }
        })
    }));
    match (fate, ran) {
        (0..=3, Ok(Err(CentralError::EnrolCode))) | (4, Err(_)) => false,
        (5.., Ok(Ok(()))) => true,
        (fate, ran) => panic!("{fate}: {ran:?}"),
    }
}
