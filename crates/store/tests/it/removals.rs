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

/// The center has signed for the first order's photo.
fn signed_for(store: &Store, blob: BlobId) {
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
    signed_for(&store, blob);
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

/// The further frames of a burst: kept until the center has signed for the one that was accepted, and no longer than it.
#[test]
fn what_was_taken_beside_an_accepted_photo_goes_with_it() {
    let (_dir, store) = kit::store();
    let put = |seed| store.blobs().put(&kit::bytes(seed)).unwrap();
    let (best, other, alone) = (put(1), put(2), put(3));
    let open = || store.write(|tx| slots::open(tx, &slot())).unwrap();
    let sitting = open();
    store.write(|tx| slots::close(tx, sitting, NOW)).unwrap();
    let left = open();
    let shot = |n, slot, blob| NewShot {
        id: ShotId(uuid(n)),
        campaign: None,
        slot: Some(slot),
        blob,
        bytes: 4000,
        captured_at: NOW,
        camera_sequence: 1,
        original: SizePx { width: 1, height: 1 },
    };
    let (first, second, third) = (shot(5, sitting, best), shot(6, sitting, other), shot(7, left, alone));
    store
        .write(|tx| {
            [&first, &second, &third]
                .into_iter()
                .try_for_each(|s| shots::put(tx, s))?;
            [&second, &third]
                .into_iter()
                .try_for_each(|s| shots::set_fate(tx, s.id, Fate::Retaken, NOW))
        })
        .unwrap();
    kept(&store, &other, NOW, Kept::NoOrder);
    store
        .write(|tx| {
            kit::submit(tx, 1)?;
            shots::accept(tx, first.id, order(1).id, NOW)
        })
        .unwrap();
    kept(&store, &other, NOW, Kept::InUse);
    store
        .write(|tx| outbox::mark_acknowledged(tx, op(1, 1).id, NOW))
        .unwrap();
    kept(&store, &other, NOW, Kept::NoReceipt);
    signed_for(&store, best);
    kept(&store, &other, NOW, Kept::Until(NOW.plus(RETENTION)));
    let later = NOW.plus(RETENTION);
    // Nobody was photographed in that slot: a shot without a photo beside it stays.
    kept(&store, &alone, later, Kept::NoOrder);
    let Removal::Allowed(proof) = decide(&store, &other, later) else {
        panic!("kept")
    };
    // The same picture stands alone somewhere else.
    let again = shot(8, left, best);
    store.write(|tx| shots::put(tx, &again)).unwrap();
    kept(&store, &best, later, Kept::InUse);
    store.blobs().remove(proof).unwrap();
    assert!(!store.blobs().has(&other));
    assert!(store.verify(Depth::Bytes).unwrap().holds());
}

fn slot() -> NewSlot {
    NewSlot {
        campaign: kit::campaign().id,
        person: order(1).person,
        retake_of: None,
        opened_at: NOW,
    }
}
