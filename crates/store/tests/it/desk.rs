//! Slots and shots: what the desk asks after a restart, and what the evening's count needs.
use crate::kit::{self, NOW, campaign, order, uuid};
use domain::{BlobId, PersonKey, RectPx, ShotId, SizePx, Verdict};
use store::shots::{self, Fate, Judgement, NewShot, ShotCounts};
use store::slots::{self, NewSlot};
use store::{Depth, SlotId, Store, StoreError, orders};

fn slot(n: u64) -> NewSlot {
    NewSlot {
        campaign: campaign().id,
        person: PersonKey::Roster(format!("S{n}")),
        retake_of: None,
        opened_at: NOW,
    }
}

fn shot(n: u64, slot: Option<SlotId>) -> NewShot {
    NewShot {
        id: ShotId(uuid(n)),
        campaign: Some(campaign().id),
        slot,
        blob: BlobId::of(&kit::bytes(n)),
        bytes: kit::bytes(n).len() as u64,
        captured_at: NOW.plus(i64::try_from(n).unwrap()),
        camera_sequence: n,
        original: SizePx {
            width: 1920,
            height: 1080,
        },
    }
}

fn take(store: &Store, n: u64, slot: Option<SlotId>) -> ShotId {
    store.blobs().put(&kit::bytes(n)).unwrap();
    store.write(|tx| shots::put(tx, &shot(n, slot))).unwrap();
    ShotId(uuid(n))
}

fn ids(shots: &[shots::Shot]) -> Vec<u128> {
    shots.iter().map(|s| s.id.0.as_u128()).collect()
}

#[test]
fn one_slot_is_open_at_a_time_also_after_a_crash() {
    let (dir, store) = kit::store();
    let first = store.write(|tx| slots::open(tx, &slot(1))).unwrap();
    assert!(matches!(
        store.write(|tx| slots::open(tx, &slot(2))),
        Err(StoreError::Taken { .. })
    ));
    take(&store, 10, Some(first));
    drop(store);
    let store = kit::open(dir.path());
    let open = store.read(slots::open_now).unwrap().unwrap();
    assert_eq!((open.id, open.shots, &open.person), (first, 1, &slot(1).person));
    assert_eq!(ids(&store.read(shots::unconfirmed).unwrap()), [10]);
    store.write(|tx| slots::close(tx, first, NOW.plus(5))).unwrap();
    store.write(|tx| slots::close(tx, first, NOW.plus(9))).unwrap();
    assert_eq!(
        store.read(|c| slots::get(c, first)).unwrap().unwrap().closed_at,
        Some(NOW.plus(5))
    );
    let second = store.write(|tx| slots::open(tx, &slot(2))).unwrap();
    assert!(matches!(
        store.write(|tx| slots::reopen(tx, first)),
        Err(StoreError::Taken { .. })
    ));
    store.write(|tx| slots::close(tx, second, NOW)).unwrap();
    store.write(|tx| slots::reopen(tx, first)).unwrap();
    assert_eq!(store.read(slots::open_now).unwrap().map(|s| s.id), Some(first));
}

#[test]
fn every_shot_is_accounted_for() {
    let (_dir, store) = kit::store();
    let sits = store.write(|tx| slots::open(tx, &slot(1))).unwrap();
    let (kept, again, thrown) = (
        take(&store, 11, Some(sits)),
        take(&store, 12, Some(sits)),
        take(&store, 13, Some(sits)),
    );
    let (lost, found) = (take(&store, 14, None), take(&store, 15, None));
    let judgement = Judgement {
        crop: Some(RectPx {
            x: 1,
            y: 2,
            width: 3,
            height: 4,
        }),
        verdict: Verdict::Warn,
        findings_json: "[]".into(),
    };
    store
        .write(|tx| {
            shots::judge(tx, kept, &judgement)?;
            shots::set_fate(tx, again, Fate::Retaken, NOW)?;
            shots::set_fate(tx, thrown, Fate::Discarded, NOW)?;
            // The shot names the order before the order is there; the transaction makes it whole.
            shots::accept(tx, kept, order(11).id, NOW.plus(7))?;
            orders::put(tx, &order(11))
        })
        .unwrap();
    store.write(|tx| shots::assign(tx, found, sits, NOW)).unwrap();
    let back = store.read(|c| shots::get(c, kept)).unwrap().unwrap();
    assert_eq!(
        (back.crop, back.verdict, back.fate, back.order),
        (judgement.crop, Some(Verdict::Warn), Fate::Accepted, Some(order(11).id))
    );
    assert_eq!(back.findings_json.as_deref(), Some("[]"));
    let expected = ShotCounts {
        unconfirmed: 1,
        accepted: 1,
        retaken: 1,
        discarded: 1,
        orphan: 1,
    };
    assert_eq!(store.read(|c| shots::counts(c, Some(campaign().id))).unwrap(), expected);
    assert_eq!(store.read(|c| shots::counts(c, None)).unwrap(), expected);
    assert_eq!(ids(&store.read(shots::orphans).unwrap()), [lost.0.as_u128()]);
    assert_eq!(ids(&store.read(|c| shots::by_slot(c, sits)).unwrap()), [11, 12, 13, 15]);
    assert_eq!(ids(&store.read(|c| shots::latest(c, 2)).unwrap()), [15, 14]);
    assert_eq!(ids(&store.read(|c| shots::by_photo(c, &back.blob)).unwrap()), [11]);
    // Taking it back frees it from its order.
    store
        .write(|tx| shots::set_fate(tx, kept, Fate::Unconfirmed, NOW))
        .unwrap();
    assert_eq!(store.read(|c| shots::get(c, kept)).unwrap().unwrap().order, None);
    assert!(store.verify(Depth::Bytes).unwrap().holds());
}

#[test]
fn a_shot_is_never_without_what_its_fate_needs() {
    let (_dir, store) = kit::store();
    let orphan = take(&store, 14, None);
    let refused = [
        store.write(|tx| shots::set_fate(tx, orphan, Fate::Unconfirmed, NOW)),
        store.write(|tx| shots::accept(tx, orphan, order(1).id, NOW)),
        store.write(|tx| shots::set_fate(tx, orphan, Fate::Accepted, NOW)),
        store.write(|tx| shots::set_fate(tx, ShotId(uuid(99)), Fate::Discarded, NOW)),
        store.write(|tx| shots::put(tx, &shot(14, None))),
    ];
    assert!(refused.iter().all(Result::is_err), "{refused:?}");
    assert_eq!(
        store.read(|c| shots::get(c, orphan)).unwrap().unwrap().fate,
        Fate::Orphan
    );
}
