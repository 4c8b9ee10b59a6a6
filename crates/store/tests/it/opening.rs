//! Wrong keys and damaged databases, each with its own error and nothing lost.
use crate::kit::{self, Fixed};
use expect_test::expect;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use store::{Depth, SealedFile, Store, StoreError};

fn overwrite(file: &Path, at: u64, bytes: &[u8]) {
    let mut file = fs::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(bytes).unwrap();
}

fn refused(dir: &Path, key: u8) -> String {
    match Store::open(dir, &Fixed(key)) {
        Ok(_) => "opened".into(),
        Err(e) => e.to_string(),
    }
}

#[test]
fn the_wrong_key_is_told_apart_from_damage() {
    let (dir, store) = kit::store();
    store.blobs().put(&kit::bytes(1)).unwrap();
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    drop(store);
    expect!["opening the store: this is not the key it was written with"].assert_eq(&refused(dir.path(), 2));
    // Also when the key's id was lost; and the right key puts it back.
    fs::remove_file(dir.path().join("key-id")).unwrap();
    expect!["opening the store: this is not the key it was written with"].assert_eq(&refused(dir.path(), 2));
    assert!(kit::open(dir.path()).verify(Depth::Bytes).unwrap().holds());
    assert!(dir.path().join("key-id").exists());
    // The first page holds the salt: without it no key fits.
    overwrite(&dir.path().join("station.db"), 0, &[0x55; 64]);
    expect!["opening the database: the database file is damaged"].assert_eq(&refused(dir.path(), 1));
}

#[test]
fn the_database_is_unreadable_without_the_key() {
    let (dir, store) = kit::store();
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    drop(store);
    let database = fs::read(dir.path().join("station.db")).unwrap();
    let holds = |needle: &[u8]| database.windows(needle.len()).any(|w| w == needle);
    assert!(!holds(b"SQLite format") && !holds("张三".as_bytes()) && !holds(b"CREATE TABLE"));
    let plain = rusqlite::Connection::open(dir.path().join("station.db")).unwrap();
    assert!(plain.execute_batch("SELECT count(*) FROM sqlite_schema").is_err());
}

#[test]
fn a_damaged_page_is_found_and_named() {
    let (dir, store) = kit::store();
    for n in 1..200 {
        store.write(|tx| kit::submit(tx, n)).unwrap();
    }
    drop(store);
    let path = dir.path().join("station.db");
    let length = fs::metadata(&path).unwrap().len();
    for page in (20..length / 4096).step_by(3) {
        overwrite(&path, page * 4096 + 500, &[0xaa; 32]);
    }
    let verified = Store::open(dir.path(), &Fixed(1)).and_then(|store| store.verify(Depth::Bytes));
    match verified {
        Err(StoreError::Corrupt { .. }) => {}
        Ok(report) => assert!(!report.holds()),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_sealed_file_opens_the_store_it_made() {
    let dir = tempfile::tempdir().unwrap();
    let cost = store::Cost {
        memory_kib: 8,
        passes: 1,
    };
    let keys = SealedFile::create(&dir.path().join("station.key"), b"secret", cost).unwrap();
    let store = Store::open(&dir.path().join("data"), &keys).unwrap();
    assert_eq!(store.key_provider(), "sealed file");
    assert!(store.free_bytes().unwrap() > 0);
    drop(store);
    let keys = SealedFile::open(&dir.path().join("station.key"), b"secret").unwrap();
    Store::open(&dir.path().join("data"), &keys).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            fs::metadata(dir.path().join("data")).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }
}
