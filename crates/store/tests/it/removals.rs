//! A photo leaves the station with a receipt, nothing that needs it, and its retention time over; never otherwise.
use crate::kit::{self, NOW, op, order, uuid};
use domain::{BlobId, ShotId, SizePx, UtcMs};
use store::receipts::{self, Entry, Receipt};
use store::removals::{self, Kept, Removal};
use store::shots::{self, Fate, NewShot};
use store::slots::{self, NewSlot};
use store::{Depth, Store, outbox};

const RETENTION: i64 = 1000;

fn decide(store: &Store, blob: &BlobId, now: UtcMs) -> Removal {
    store.write(|tx| removals::decide(tx, blob, RETENTION, now)).unwrap()
}

#[track_caller]
fn kept(store: &Store, blob: &BlobId, now: UtcMs, why: Kept) {
    match decide(store, blob, now) {
        Removal::Kept(found) => assert_eq!(found, why),
        Removal::Allowed(_) => panic!("allowed"),
    }
}

#[test]
fn photos_go_with_proof_only() {
    let (dir, store) = kit::store();
    let blob = store.blobs().put(&kit::bytes(1)).unwrap();
    kept(&store, &blob, NOW, Kept::NoOrder);
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    kept(&store, &blob, NOW, Kept::InUse);
    store
        .write(|tx| outbox::mark_acknowledged(tx, op(1, 1).id, NOW))
        .unwrap();
    kept(&store, &blob, NOW, Kept::NoReceipt);
    let receipt = Receipt {
        at: NOW,
        received_at: NOW,
        bytes: vec![],
        signature: "c2ln".into(),
        entries: vec![Entry {
            op: op(1, 1).id,
            blob: Some(blob),
        }],
    };
    store.write(|tx| receipts::put(tx, &receipt)).unwrap();
    kept(&store, &blob, NOW, Kept::Until(NOW.plus(RETENTION)));
    // The desk has the same picture open.
    let shot = NewShot {
        id: ShotId(uuid(5)),
        campaign: None,
        slot: Some(store.write(|tx| slots::open(tx, &slot())).unwrap()),
        blob,
        bytes: 4000,
        captured_at: NOW,
        camera_sequence: 1,
        original: SizePx { width: 1, height: 1 },
    };
    store.write(|tx| shots::put(tx, &shot)).unwrap();
    kept(&store, &blob, NOW.plus(RETENTION), Kept::InUse);
    store
        .write(|tx| shots::set_fate(tx, shot.id, Fate::Retaken, NOW))
        .unwrap();
    let Removal::Allowed(proof) = decide(&store, &blob, NOW.plus(RETENTION)) else {
        panic!("kept")
    };
    assert_eq!(proof.id(), blob);
    store.blobs().remove(proof).unwrap();
    assert!(!store.blobs().has(&blob));
    assert!(
        store.verify(Depth::Bytes).unwrap().holds(),
        "a removed photo is not a missing one"
    );
    drop(store);
    assert!(kit::open(dir.path()).found_on_open().unnamed.is_empty());
}

fn slot() -> NewSlot {
    NewSlot {
        campaign: kit::campaign().id,
        person: order(1).person,
        retake_of: None,
        opened_at: NOW,
    }
}
