//! Order of sending, retries, quarantine, the delivery axis, receipts and the feed.
use crate::kit::{self, NOW, op, order, uuid};
use domain::order::Delivery;
use domain::{OpId, OrderId, UtcMs};
use store::inbox::{self, Taken};
use store::outbox::{self, OpState};
use store::receipts::{self, Entry, PhotosSafe, Receipt};
use store::{Depth, Store, StoreError, identity, orders};

fn id(n: u64) -> OpId {
    OpId(uuid(n))
}

fn batch(store: &Store, now: UtcMs) -> Vec<(u128, u32)> {
    let ops = store.read(|c| outbox::next_batch(c, now, 100)).unwrap();
    ops.iter().map(|o| (o.op.id.0.as_u128(), o.rev)).collect()
}

fn delivery(store: &Store, n: u64) -> Delivery {
    store
        .read(|c| orders::get(c, OrderId(uuid(n))))
        .unwrap()
        .unwrap()
        .delivery
}

/// Orders 1 and 2; ops 11 and 12 of the first, 21 of the second.
fn queued() -> (tempfile::TempDir, Store) {
    let (dir, store) = kit::store();
    store
        .write(|tx| {
            for n in [1, 2] {
                orders::put(tx, &order(n))?;
            }
            for (op_id, order) in [(11, 1), (21, 2), (12, 1)] {
                outbox::push(tx, &op(op_id, order))?;
            }
            Ok(())
        })
        .unwrap();
    for n in [1, 2] {
        store.blobs().put(&kit::bytes(n)).unwrap();
    }
    (dir, store)
}

#[test]
fn revisions_and_chain_are_made_on_push() {
    let (_dir, store) = queued();
    let ops = store.read(|c| outbox::list(c, OpState::Queued, 10)).unwrap();
    assert_eq!(ops.iter().map(|o| o.rev).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(ops[0].prev_chain, "");
    assert_eq!(ops[1].prev_chain, ops[0].chain);
    assert_eq!(ops[0].op, op(11, 1));
    let of_first = store.read(|c| outbox::of_order(c, OrderId(uuid(1)))).unwrap();
    assert_eq!(of_first, [ops[0].clone(), ops[2].clone()]);
    assert!(store.verify(Depth::Rows).unwrap().holds());
    let again = store.write(|tx| outbox::push(tx, &op(11, 1)));
    assert!(matches!(again, Err(StoreError::Taken { .. })), "{again:?}");
    let nowhere = store.write(|tx| outbox::push(tx, &op(31, 3)));
    assert!(matches!(nowhere, Err(StoreError::Unknown { .. })), "{nowhere:?}");
    assert!(
        store.verify(Depth::Rows).unwrap().holds(),
        "a refused push uses up no revision"
    );
}

#[test]
fn an_op_never_overtakes_its_predecessor() {
    let (_dir, store) = queued();
    assert_eq!(batch(&store, NOW), [(11, 1), (21, 1), (12, 2)]);
    store
        .write(|tx| outbox::mark_sent(tx, &[id(11), id(12), id(21)], NOW.plus(1000)))
        .unwrap();
    assert_eq!(batch(&store, NOW), []);
    assert_eq!(store.read(outbox::next_try_at).unwrap(), Some(NOW.plus(1000)));
    // The first is put off for longer than the second of the same order: the second waits with it.
    store
        .write(|tx| outbox::mark_waiting(tx, id(11), NOW.plus(5000), Some("overloaded")))
        .unwrap();
    assert_eq!(batch(&store, NOW.plus(1000)), [(21, 1)]);
    assert_eq!(batch(&store, NOW.plus(5000)), [(11, 1), (21, 1), (12, 2)]);
    store.write(outbox::retry_all).unwrap();
    assert_eq!(batch(&store, NOW), [(11, 1)]);
    assert_eq!(store.write(outbox::recover).unwrap(), 2);
    assert_eq!(batch(&store, NOW), [(11, 1), (21, 1), (12, 2)]);
}

#[test]
fn an_op_on_its_way_hides_none_that_came_after_it() {
    let (_dir, store) = queued();
    store
        .write(|tx| outbox::mark_sent(tx, &[id(11)], NOW.plus(1000)))
        .unwrap();
    assert_eq!(batch(&store, NOW), [(21, 1), (12, 2)]);
}

#[test]
fn a_quarantined_op_blocks_its_own_order_alone() {
    let (_dir, store) = queued();
    store
        .write(|tx| outbox::mark_quarantined(tx, id(11), "validation", NOW))
        .unwrap();
    assert_eq!(batch(&store, NOW), [(21, 1)]);
    assert_eq!(
        (delivery(&store, 1), delivery(&store, 2)),
        (Delivery::Quarantined, Delivery::Queued)
    );
    let aside = store.read(|c| outbox::list(c, OpState::Quarantined, 10)).unwrap();
    assert_eq!(aside[0].problem.as_deref(), Some("validation"));
    store.write(|tx| outbox::release(tx, id(11))).unwrap();
    assert_eq!(batch(&store, NOW).len(), 3);
    assert_eq!(delivery(&store, 1), Delivery::Queued);
}

#[test]
fn delivery_follows_the_ops() {
    let (_dir, store) = queued();
    let steps = |n| delivery(&store, n);
    store.write(|tx| outbox::mark_sent(tx, &[id(11), id(12)], NOW)).unwrap();
    assert_eq!(steps(1), Delivery::Sent);
    store.write(|tx| outbox::mark_acknowledged(tx, id(11), NOW)).unwrap();
    assert_eq!(steps(1), Delivery::Sent);
    store.write(|tx| outbox::mark_acknowledged(tx, id(12), NOW)).unwrap();
    store
        .write(|tx| outbox::mark_acknowledged(tx, id(12), NOW.plus(9)))
        .unwrap();
    assert_eq!(steps(1), Delivery::Acknowledged);
    assert_eq!(
        store.read(|c| outbox::get(c, id(12))).unwrap().unwrap().settled_at,
        Some(NOW)
    );
    let counts = store.read(outbox::counts).unwrap();
    assert_eq!((counts.waiting(), counts.acknowledged, counts.quarantined), (1, 2, 0));
    // What is settled stays settled.
    let back = store.write(|tx| outbox::mark_waiting(tx, id(12), NOW, None));
    assert!(matches!(back, Err(StoreError::Unknown { .. })));
    let aside = store.write(|tx| outbox::mark_quarantined(tx, id(12), "validation", NOW));
    assert!(matches!(aside, Err(StoreError::Unknown { .. })));
    assert!(store.verify(Depth::Bytes).unwrap().holds());
}

#[test]
fn receipts_are_kept_once_and_count_photos_safe() {
    let (_dir, store) = queued();
    assert_eq!(
        store.read(receipts::photos_safe).unwrap(),
        PhotosSafe { safe: 0, total: 2 }
    );
    let receipt = Receipt {
        at: NOW,
        received_at: NOW.plus(3),
        bytes: b"{}".to_vec(),
        signature: "c2ln".into(),
        entries: vec![
            Entry {
                op: id(11),
                blob: Some(kit::photo(1).blob),
            },
            Entry { op: id(21), blob: None },
        ],
    };
    for _ in 0..2 {
        store.write(|tx| receipts::put(tx, &receipt)).unwrap();
    }
    assert_eq!(
        store.read(|c| receipts::of_order(c, OrderId(uuid(1)))).unwrap(),
        vec![receipt.clone()]
    );
    assert_eq!(
        store.read(receipts::photos_safe).unwrap(),
        PhotosSafe { safe: 1, total: 2 }
    );
    let foreign = Receipt {
        signature: "b3Ro".into(),
        entries: vec![Entry { op: id(99), blob: None }],
        ..receipt
    };
    assert!(matches!(
        store.write(|tx| receipts::put(tx, &foreign)),
        Err(StoreError::Unknown { .. })
    ));
}

#[test]
fn each_event_of_the_feed_takes_effect_once() {
    let (_dir, store) = kit::store();
    let take = |seq| store.write(|tx| inbox::take(tx, seq, "order", NOW)).unwrap();
    let before = store.write(|tx| inbox::take(tx, 1, "order", NOW));
    assert!(matches!(before, Err(StoreError::Unknown { .. })), "not enrolled");
    let identity = identity::Identity {
        station: domain::StationId(uuid(3)),
        name: String::new(),
        center_url: String::new(),
        school_code: String::new(),
        signing_seed: [7; 32].into(),
        server_key: [8; 32],
        sealing_key: None,
        feed_cursor: 0,
        enrolled_at: NOW,
    };
    store.write(|tx| identity::put(tx, &identity)).unwrap();
    assert_eq!(
        (take(1), take(1), take(3), take(3)),
        (Taken::First, Taken::Repeated, Taken::First, Taken::Repeated)
    );
    assert_eq!(
        store.read(inbox::cursor).unwrap(),
        0,
        "nothing is passed by before it is said"
    );
    let read_to = |cursor| store.write(|tx| inbox::read_to(tx, cursor)).unwrap();
    // The place between them is another station's.
    read_to(3);
    assert_eq!(store.read(inbox::cursor).unwrap(), 3);
    assert_eq!((take(2), take(3)), (Taken::Repeated, Taken::Repeated));
    store.write(|tx| inbox::restart(tx, 2)).unwrap();
    assert_eq!((take(2), take(3)), (Taken::Repeated, Taken::First));
    read_to(9);
    read_to(1);
    assert_eq!(store.read(inbox::cursor).unwrap(), 9, "it never goes back");
}

#[test]
fn an_order_is_unmade_while_nothing_of_it_or_behind_it_was_sent() {
    let (_dir, store) = queued();
    let first = OrderId(uuid(1));
    let unmake = |n| store.write(|tx| outbox::unmake(tx, OrderId(uuid(n)))).unwrap();
    let early = store.write(|tx| orders::unmake(tx, first));
    assert!(matches!(early, Err(StoreError::Taken { .. })), "{early:?}");
    assert!(unmake(1));
    assert_eq!(batch(&store, NOW), [(21, 1)]);
    assert!(
        store.verify(Depth::Bytes).unwrap().holds(),
        "the chain holds without them"
    );
    store.write(|tx| orders::unmake(tx, first)).unwrap();
    assert_eq!(store.read(|c| orders::get(c, first)).unwrap(), None);
    let again = store.write(|tx| orders::unmake(tx, first));
    assert!(matches!(again, Err(StoreError::Unknown { .. })), "{again:?}");
    assert!(store.verify(Depth::Bytes).unwrap().holds());
    // Made anew, it starts at revision 1, under the number it had before if it must.
    store.write(|tx| kit::submit(tx, 1)).unwrap();
    assert_eq!(batch(&store, NOW), [(21, 1), (1, 1)]);
    store.write(|tx| outbox::mark_sent(tx, &[id(1)], NOW)).unwrap();
    assert!(!unmake(2), "what was sent is chained to it");
    assert!(!unmake(1), "it was sent itself");
    store.write(outbox::recover).unwrap();
    assert!(!unmake(1), "once sent is sent");
    assert!(store.verify(Depth::Bytes).unwrap().holds());
}
