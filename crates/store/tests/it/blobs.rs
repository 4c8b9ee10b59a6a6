//! Photo files: written whole, read back checked, told apart when broken.
use crate::kit;
use domain::BlobId;
use std::fs;
use std::path::{Path, PathBuf};
use store::{BlobProblem, Depth, MAX_BLOB_BYTES, Problem, Store, StoreError};

fn file(dir: &Path, id: &BlobId) -> PathBuf {
    dir.join("photos")
        .join(&id.hex()[..2])
        .join(format!("{}.photo", id.hex()))
}

fn problem(store: &Store, id: &BlobId) -> BlobProblem {
    match store.blobs().get(id) {
        Err(StoreError::Blob { problem, .. }) => problem,
        other => panic!("{:?}", other.map(|b| b.len())),
    }
}

#[test]
fn a_photo_comes_back_and_is_not_readable_on_disk() {
    let (dir, store) = kit::store();
    for bytes in [vec![], vec![0xff, 0xd8], kit::bytes(7), vec![9; 1 << 20]] {
        let id = store.blobs().put(&bytes).unwrap();
        assert_eq!(id, BlobId::of(&bytes));
        assert!(store.blobs().has(&id));
        assert_eq!(store.blobs().len(&id).unwrap(), bytes.len() as u64);
        assert_eq!(store.blobs().get(&id).unwrap(), bytes);
    }
    let on_disk = fs::read(file(dir.path(), &BlobId::of(&kit::bytes(7)))).unwrap();
    assert!(!on_disk.windows(16).any(|w| w == &kit::bytes(7)[..16]));
    assert_eq!(store.blobs().ids().unwrap().len(), 4);
    assert_eq!(problem(&store, &BlobId::of(b"another")), BlobProblem::Missing);
    let huge = store.blobs().put(&vec![0; MAX_BLOB_BYTES + 1]);
    assert!(matches!(huge, Err(StoreError::TooLarge { .. })));
}

#[test]
fn the_same_photo_is_stored_once_and_heals_a_broken_file() {
    let (dir, store) = kit::store();
    let id = store.blobs().put(&kit::bytes(7)).unwrap();
    let path = file(dir.path(), &id);
    let before = fs::read(&path).unwrap();
    store.blobs().put(&kit::bytes(7)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(&path, &before[..100]).unwrap();
    assert_eq!(problem(&store, &id), BlobProblem::Truncated);
    store.blobs().put(&kit::bytes(7)).unwrap();
    assert_eq!(store.blobs().get(&id).unwrap(), kit::bytes(7));
}

#[test]
fn every_damage_is_noticed() {
    let (dir, store) = kit::store();
    let id = store.blobs().put(&kit::bytes(7)).unwrap();
    let path = file(dir.path(), &id);
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() {
        if length < 80 || length % 97 == 0 || length + 20 > whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(problem(&store, &id), BlobProblem::Truncated, "cut to {length}");
        }
    }
    for at in (0..80).chain((80..whole.len()).step_by(97)) {
        let mut changed = whole.clone();
        changed[at] ^= 0x40;
        fs::write(&path, &changed).unwrap();
        let expected = match at {
            0..7 => BlobProblem::Foreign,
            7 => BlobProblem::Newer(1 ^ 0x40),
            8..16 => BlobProblem::OtherKey,
            16..24 => BlobProblem::Truncated,
            _ => BlobProblem::Tampered,
        };
        assert_eq!(problem(&store, &id), expected, "byte {at}");
    }
    // Another photo's file in its place, well sealed as it is.
    let other = store.blobs().put(&kit::bytes(8)).unwrap();
    fs::copy(file(dir.path(), &other), &path).unwrap();
    assert_eq!(problem(&store, &id), BlobProblem::Tampered);
    let mut long = whole.clone();
    long.push(0);
    fs::write(&path, &long).unwrap();
    assert_eq!(problem(&store, &id), BlobProblem::Truncated);
}

#[test]
fn verify_names_missing_and_tampered_photos() {
    let (dir, store) = kit::store();
    for n in 1..=3 {
        store.blobs().put(&kit::bytes(n)).unwrap();
        store.write(|tx| kit::submit(tx, n)).unwrap();
    }
    assert!(store.verify(Depth::Bytes).unwrap().holds());
    let (gone, changed) = (kit::photo(1).blob, kit::photo(2).blob);
    fs::remove_file(file(dir.path(), &gone)).unwrap();
    let mut bytes = fs::read(file(dir.path(), &changed)).unwrap();
    bytes[60] ^= 1;
    fs::write(file(dir.path(), &changed), bytes).unwrap();
    let missing = Problem::Photo {
        id: gone,
        problem: BlobProblem::Missing,
    };
    let tampered = Problem::Photo {
        id: changed,
        problem: BlobProblem::Tampered,
    };
    assert_eq!(store.verify(Depth::Rows).unwrap().problems, vec![missing.clone()]);
    let mut deep = store.verify(Depth::Bytes).unwrap().problems;
    deep.sort_by_key(|p| *p != missing);
    assert_eq!(deep, [missing, tampered]);
}

#[test]
fn what_a_crash_left_is_swept_or_reported() {
    let (dir, store) = kit::store();
    store.blobs().put(&kit::bytes(1)).unwrap();
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    let unnamed = store.blobs().put(&kit::bytes(2)).unwrap();
    let half = dir.path().join("photos/incoming/0123");
    fs::write(&half, b"half").unwrap();
    // While somebody else has the store open, what is on its way may be theirs.
    let beside = kit::open(dir.path());
    assert_eq!((beside.found_on_open().swept, half.exists()), (0, true));
    drop((store, beside));
    let store = kit::open(dir.path());
    let found = store.found_on_open();
    assert_eq!(
        (found.swept, &found.unnamed[..], half.exists()),
        (1, &[unnamed][..], false)
    );
    assert_eq!(store.blobs().get(&unnamed).unwrap(), kit::bytes(2));
}
