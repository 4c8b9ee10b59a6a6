//! Ops: once, in order, and none in the way of another.
use crate::station::{fresh, id, replace, submit};
use crate::world::{World, jpeg};
use domain::OrderState;
use domain::review::RejectReason;
use std::sync::Arc;
use wire::op::{Op, OpBody, OpStatus};
use wire::problem::Code;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_op_fifty_times_at_once_has_one_effect_and_one_answer() {
    let world = World::open().await;
    let station = Arc::new(world.station("desk").await);
    let photo = jpeg(1);
    station.put(&photo).await;
    let op = station.op(&id(fresh()), 1, &submit(1, &photo));
    let mut sent = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (station, op) = (Arc::clone(&station), op.clone());
        sent.spawn(async move { station.send_ops(&[op]).await });
    }
    let answers = sent.join_all().await;
    assert!(answers.iter().all(|a| a.status == 200));
    assert!(
        answers.iter().all(|a| a.body == answers[0].body),
        "byte for byte, receipt included"
    );
    let orders = world.central.orders(&central::OrderFilter::default()).unwrap();
    assert_eq!(orders.len(), 1);
    let events = station.feed(0, 0).await.events;
    assert_eq!(events.len(), 2, "the campaign and the order: {events:?}");
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_id_with_other_content_is_refused() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let photo = jpeg(1);
    station.put(&photo).await;
    let order = id(fresh());
    let op = station.op(&order, 1, &submit(1, &photo));
    station.op_result(&op).await;
    let changed = Op {
        body: submit(2, &photo).to_text().unwrap(),
        ..op.clone()
    };
    let refused = station.op_result(&changed).await;
    assert_eq!(refused.status, OpStatus::Rejected);
    assert_eq!(refused.problem.unwrap().code, Code::IdempotencyMismatch);
    // Another id for the same revision: the same content is a duplicate, other content is stale.
    let twin = Op {
        op_id: id(fresh()),
        ..op.clone()
    };
    let duplicate = station.ops(std::slice::from_ref(&twin)).await;
    assert_eq!(duplicate.results[0].status, OpStatus::Duplicate);
    assert_eq!(duplicate.receipt.unwrap().entries[0].op_id, twin.op_id);
    let stale = station
        .op_result(&Op {
            op_id: id(fresh()),
            ..changed
        })
        .await;
    assert_eq!(stale.problem.unwrap().code, Code::StaleRev);
    assert_eq!(world.central.orders(&central::OrderFilter::default()).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ops_that_overtake_each_other_take_effect_in_order() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (first, second) = (jpeg(1), jpeg(2));
    station.put(&first).await;
    station.put(&second).await;
    let order = id(fresh());
    let ops = [
        station.op(&order, 1, &submit(1, &first)),
        station.op(&order, 2, &OpBody::Close),
        station.op(&order, 3, &replace(&second, 2)),
    ];
    let early = station.ops(&[ops[2].clone(), ops[1].clone()]).await;
    assert!(early.results.iter().all(|r| r.status == OpStatus::Held));
    assert!(early.receipt.is_none());
    let first = station.op_result(&ops[0]).await;
    assert_eq!((first.status, first.order_rev), (OpStatus::Applied, Some(1)));
    // A free order cannot be closed any more, and only a rejected one takes a new photo: both were judged in their turn.
    let late = station.ops(&ops).await;
    let states: Vec<_> = late.results.iter().map(|r| (r.status, r.order_rev)).collect();
    let rejected = |rev| (OpStatus::Rejected, Some(rev));
    assert_eq!(states, [(OpStatus::Applied, Some(1)), rejected(2), rejected(3)]);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poisoned_op_blocks_nobody() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let photo = jpeg(1);
    station.put(&photo).await;
    let (poisoned, healthy) = (id(fresh()), id(fresh()));
    let ops = [
        station.op_of_text(&poisoned, 1, r#"{"type":"submit","name":"张三"}"#),
        station.op_of_text(&id(fresh()), 1, "not json"),
        station.op_of_text(&id(fresh()), 1, &"x".repeat(wire::MAX_OP_BODY_BYTES + 1)),
        Op {
            op_id: "7".to_owned(),
            ..station.op(&id(fresh()), 1, &OpBody::Close)
        },
        station.op(&healthy, 1, &submit(1, &photo)),
        // The same order again, put right: the refused op has used up revision 1.
        station.op(&poisoned, 2, &submit(2, &photo)),
    ];
    let answer = station.ops(&ops).await;
    let codes: Vec<_> = answer
        .results
        .iter()
        .map(|r| r.problem.as_ref().map_or("-".to_owned(), |p| p.code.id()))
        .collect();
    assert_eq!(codes, ["validation", "validation", "too_large", "validation", "-", "-"]);
    let told = serde_json::to_string(&answer).unwrap();
    assert!(!told.contains("张三"), "problems never repeat personal data");
    assert_eq!(answer.receipt.unwrap().entries.len(), 2);
    let states: Vec<_> = world.central.orders(&central::OrderFilter::default()).unwrap();
    assert!(states.iter().all(|o| o.state == OrderState::PendingReview));
    // Ops without a place in the store are missing in the chain, and that is said.
    let report = world.central.verify().unwrap();
    assert_eq!((report.errors, report.warnings), (0, 1), "{:?}", report.findings);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_ops_and_too_many_held_ones() {
    let limits = central::Limits {
        held_ops: 2,
        ..central::Limits::default()
    };
    let world = World::open_with(crate::world::campaign(), limits).await;
    let station = world.station("desk").await;
    let many: Vec<_> = (0..=wire::MAX_OPS)
        .map(|_| station.op(&id(fresh()), 2, &OpBody::Close))
        .collect();
    assert_eq!(station.send_ops(&many).await.code(), Code::Validation);
    let held = station.ops(&many[..3]).await;
    let codes: Vec<_> = held.results.iter().map(|r| r.problem.as_ref().unwrap().code).collect();
    assert_eq!(
        codes,
        [Code::MissingPredecessor, Code::MissingPredecessor, Code::Overloaded]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_is_taken_once_and_a_wrong_clock_costs_nothing() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let photo = jpeg(1);
    station.put(&photo).await;
    let (first, second) = (submit(1, &photo), submit(2, &photo));
    let (OpBody::Submit(a), OpBody::Submit(mut b)) = (first.clone(), second) else {
        panic!()
    };
    b.number = a.number.clone();
    let mut early = station.op(&id(fresh()), 1, &first);
    early.captured_at_ms = 0;
    assert_eq!(
        station.op_result(&early).await.status,
        OpStatus::Applied,
        "the center's clock is in the campaign"
    );
    let taken = station
        .op_result(&station.op(&id(fresh()), 1, &OpBody::Submit(b)))
        .await;
    assert_eq!(taken.problem.unwrap().code, Code::Validation);
    let order: domain::OrderId = early.order_id.parse().unwrap();
    assert_eq!(
        world.central.order(&order).unwrap().row.order.created_at.0,
        0,
        "and the station's is kept"
    );
    world.central.reject("li", &order, &[RejectReason::Pose], None).unwrap();
    assert!(world.central.reject("li", &order, &[RejectReason::Pose], None).is_err());
    world.assert_consistent();
}
