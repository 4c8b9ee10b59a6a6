//! Prints what a day costs: `cargo test -p store timings -- --nocapture`. Nothing is asserted about time.
use crate::kit;
use std::time::Instant;
use store::orders::{self, Filter};
use store::{Depth, Store};

fn spread(name: &str, mut micros: Vec<u128>) {
    micros.sort_unstable();
    let at = |part: usize| micros[(micros.len() - 1) * part / 100];
    println!("{name}: p50 {} us, p95 {} us, max {} us", at(50), at(95), at(100));
}

fn timed(times: u64, mut act: impl FnMut(u64)) -> Vec<u128> {
    let once = |n| {
        let started = Instant::now();
        act(n);
        started.elapsed().as_micros()
    };
    (1..=times).map(once).collect()
}

fn list(store: &Store, text: Option<&str>) {
    let filter = Filter {
        text: text.map(Into::into),
        ..Filter::default()
    };
    store.read(|c| orders::list(c, &filter, 0, 50)).unwrap();
}

#[test]
fn timings() {
    let (dir, store) = kit::store();
    let photo = |n: u64| n.to_be_bytes().repeat(5 << 17);
    spread(
        "put a 5 MiB photo",
        timed(4, |n| assert!(store.blobs().put(&photo(n)).is_ok())),
    );
    let ids = store.blobs().ids().unwrap();
    spread(
        "get a 5 MiB photo",
        timed(4, |n| drop(store.blobs().get(&ids[n as usize - 1]).unwrap())),
    );
    spread(
        "order + op + entry, durable",
        timed(300, |n| store.write(|tx| kit::submit(tx, n)).unwrap()),
    );
    store
        .write(|tx| (301..5000).try_for_each(|n| kit::submit(tx, n)))
        .unwrap();
    spread("page of 5,000 orders", timed(10, |_| list(&store, None)));
    spread("page of 5,000 orders by text", timed(10, |_| list(&store, Some("S49"))));
    spread(
        "verify rows of 5,000 orders",
        timed(3, |_| drop(store.verify(Depth::Rows).unwrap())),
    );
    drop(store);
    spread("open", timed(5, |_| drop(kit::open(dir.path()))));
}
