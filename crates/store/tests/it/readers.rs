//! One writer, several readers, each with a consistent picture; a panic or a refusal leaves nothing behind.
use crate::kit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use store::{Depth, MAX_READERS, Store, StoreError, journal, orders, outbox};

fn shared<T: Send + Sync>(_: &T) {}

#[test]
fn readers_see_whole_changes_beside_the_writer() {
    let (_dir, store) = kit::store();
    shared(&store);
    let done = AtomicBool::new(false);
    let looks = thread::scope(|scope| {
        let readers: Vec<_> = (0..MAX_READERS * 2)
            .map(|_| scope.spawn(|| look_until(&store, &done)))
            .collect();
        for n in 1..=60 {
            store.write(|tx| kit::submit(tx, n)).unwrap();
        }
        done.store(true, Ordering::Release);
        readers.into_iter().map(|r| r.join().unwrap()).sum::<u32>()
    });
    assert!(looks >= 8);
    assert_eq!(store.verify(Depth::Rows).unwrap().ops, 60);
}

/// Each look counts orders, ops and entries in one read; they must agree, whatever the writer does meanwhile.
fn look_until(store: &Store, done: &AtomicBool) -> u32 {
    let mut looks = 0;
    loop {
        let last = done.load(Ordering::Acquire);
        let counts = store.read(|c| {
            let made = orders::counts(c, None)?.iter().map(|(_, n)| n).sum::<u32>();
            thread::yield_now();
            let entries = journal::latest(c, 1)?.first().map_or(0, |e| e.seq);
            Ok((made, outbox::counts(c)?.queued, entries))
        });
        let (made, ops, entries) = counts.unwrap();
        assert_eq!((made, i64::from(made)), (ops, entries));
        looks += 1;
        if last {
            return looks;
        }
    }
}

#[test]
fn two_stores_on_one_folder_take_turns() {
    let (dir, store) = kit::store();
    let beside = kit::open(dir.path());
    let start = Barrier::new(2);
    thread::scope(|scope| {
        for (store, first) in [(&store, 1), (&beside, 101)] {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                for n in first..first + 20 {
                    store.write(|tx| kit::submit(tx, n)).unwrap();
                }
            });
        }
    });
    let report = store.verify(Depth::Rows).unwrap();
    assert_eq!((report.orders, report.ops), (40, 40));
    assert!(
        report
            .problems
            .iter()
            .all(|p| matches!(p, store::Problem::Photo { .. })),
        "no photo was put here"
    );
}

#[test]
fn a_refusal_or_a_panic_rolls_everything_back() {
    let (_dir, store) = kit::store();
    let refused: Result<(), StoreError> = store.write(|tx| {
        kit::submit(tx, 1)?;
        Err(StoreError::Busy { doing: "test" })
    });
    assert!(refused.is_err());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        store.write(|tx| -> Result<(), StoreError> {
            kit::submit(tx, 1)?;
            panic!("in the middle of a change")
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.verify(Depth::Rows).unwrap().orders, 0);
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    assert_eq!(store.verify(Depth::Rows).unwrap().orders, 1);
}

/// A refusal of the caller's own.
#[derive(Debug)]
enum Mine {
    No,
    Store,
}

impl From<StoreError> for Mine {
    fn from(_: StoreError) -> Self {
        Self::Store
    }
}

#[test]
fn a_change_may_be_refused_for_the_callers_reasons() {
    let (_dir, store) = kit::store();
    let refused: Result<(), Mine> = store.try_write(|tx| {
        kit::submit(tx, 1)?;
        Err(Mine::No)
    });
    assert!(matches!(refused, Err(Mine::No)));
    let failed: Result<(), Mine> = store.try_write(|tx| Ok(outbox::push(tx, &kit::op(1, 1)).map(drop)?));
    assert!(matches!(failed, Err(Mine::Store)));
}
