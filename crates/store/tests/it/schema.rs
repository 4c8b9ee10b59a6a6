//! Older and newer binaries on the same file.
use crate::kit::{self, Fixed};
use store::migrations::{ALL, Migration};
use store::{Depth, Store, StoreError, orders};

/// A migration of a later version.
fn next(may_older_open: u32) -> Migration {
    let number = ALL.last().unwrap().number + 1;
    Migration {
        number,
        may_older_open,
        sql: "ALTER TABLE orders ADD COLUMN later TEXT; CREATE TABLE more (x INTEGER) STRICT;",
    }
}

fn open_knowing(dir: &std::path::Path, known: &[Migration]) -> Result<Store, StoreError> {
    Store::open_knowing(dir, &Fixed(1), known)
}

#[test]
fn migrations_count_up_and_never_open_to_the_future() {
    for (before, after) in ALL.iter().zip(&ALL[1..]) {
        assert_eq!(after.number, before.number + 1);
        assert!(after.may_older_open >= before.may_older_open);
    }
    assert!(ALL.iter().all(|m| (1..=m.number).contains(&m.may_older_open)));
}

#[test]
fn a_file_of_this_version_is_brought_up_to_the_next() {
    let (dir, store) = kit::store();
    store.blobs().put(&kit::bytes(1)).unwrap();
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    drop(store);
    let known: Vec<_> = ALL.iter().copied().chain([next(1)]).collect();
    for _ in 0..2 {
        let store = open_knowing(dir.path(), &known).unwrap();
        assert_eq!(
            store.read(|c| orders::get(c, kit::order(1).id)).unwrap().unwrap().order,
            kit::order(1)
        );
        assert!(store.verify(Depth::Bytes).unwrap().holds());
    }
    let version: u32 = kit::raw(dir.path())
        .pragma_query_value(None, "user_version", |r| r.get(0))
        .unwrap();
    assert_eq!(version, next(1).number);
    // The newer binary said that this one may still open the file.
    kit::open(dir.path()).write(|tx| kit::submit(tx, 2)).unwrap();
}

#[test]
fn a_newer_file_that_shuts_older_binaries_out_is_refused_and_untouched() {
    let (dir, store) = kit::store();
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    drop(store);
    let newer = next(ALL.last().unwrap().number + 1);
    let known: Vec<_> = ALL.iter().copied().chain([newer]).collect();
    drop(open_knowing(dir.path(), &known).unwrap());
    match Store::open(dir.path(), &Fixed(1)) {
        Err(StoreError::Newer { found, known }) => assert_eq!((found, known), (newer.number, newer.number - 1)),
        other => panic!("{:?}", other.err()),
    }
    assert!(open_knowing(dir.path(), &known).is_ok());
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let (dir, store) = kit::store();
    drop(store);
    let broken = Migration {
        sql: "CREATE TABLE more (x INTEGER) STRICT; SELECT nonsense FROM nowhere;",
        ..next(1)
    };
    let known: Vec<_> = ALL.iter().copied().chain([broken]).collect();
    assert!(open_knowing(dir.path(), &known).is_err());
    kit::open(dir.path()).write(|tx| kit::submit(tx, 1)).unwrap();
    let known: Vec<_> = ALL.iter().copied().chain([next(1)]).collect();
    assert!(open_knowing(dir.path(), &known).is_ok());
}
