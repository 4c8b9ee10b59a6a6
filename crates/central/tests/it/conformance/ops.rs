//! Ops: kept as they came, one for each revision, each with its outcome.
use super::{read, school, station, write};
use crate::station::id;
use crate::world::{CAMPAIGN, jpeg};
use central::store::{CentralStore, OpOutcome, OpRow, Waits};
use domain::{BlobId, OrderId, OrderState, UtcMs};
use wire::op::Op;
use wire::problem::{Code, Problem};

fn op_row(n: u64, order: u64, rev: u32, outcome: OpOutcome) -> OpRow {
    let op = Op {
        op_id: id(n),
        order_id: id(order),
        rev,
        body: r#"{"type":"close"}"#.to_owned(),
        captured_at_ms: -1,
        mono_ms: u64::from(u32::MAX) * 2,
        boot_id: "b".to_owned(),
        chain: "0".repeat(64),
    };
    OpRow {
        school: school(),
        station: station(1).id,
        content_hash: op.content_hash(),
        op,
        blob: None,
        received_at: UtcMs(n as i64),
        settled_at: UtcMs(n as i64),
        outcome,
    }
}

pub fn outcomes(store: &dyn CentralStore) {
    let problem = Problem::new(Code::MissingBlob, "not yet");
    let blob = BlobId::of(&jpeg(111));
    let applied = OpOutcome::Applied {
        order_rev: 1,
        state: OrderState::Paid,
    };
    let held = |waits| OpOutcome::Held {
        waits,
        problem: problem.clone(),
    };
    let rejected = OpOutcome::Rejected {
        state: None,
        problem: problem.clone(),
    };
    let absent = Waits::Blob(BlobId::of(b"absent"));
    let ops = [
        op_row(201, 300, 1, applied),
        op_row(202, 300, 2, rejected),
        op_row(203, 300, 3, held(absent)),
        op_row(204, 300, 5, held(Waits::Predecessor)),
        op_row(205, 301, 1, held(Waits::Blob(blob))),
        op_row(206, 302, 1, held(Waits::Campaign(CAMPAIGN.parse().unwrap()))),
    ];
    for op in &ops {
        write(store, |rows| rows.add_op(op));
        let found = read(store, |rows| rows.op(&station(1), &op.op.op_id.parse().unwrap()));
        assert_eq!(found.as_ref(), Some(op));
    }
    let order: OrderId = id(300).parse().unwrap();
    assert!(
        store
            .writing(|rows| rows.add_op(&op_row(299, 300, 5, held(absent))))
            .is_err(),
        "one op for a revision"
    );
    assert_eq!(
        read(store, |rows| rows.op(&station(2), &id(201).parse().unwrap())),
        None,
        "ops belong to a station"
    );
    assert_eq!(read(store, |rows| rows.last_rev(&station(1), &order)), 2);
    assert_eq!(read(store, |rows| rows.last_rev(&station(2), &order)), 0);
    assert_eq!(read(store, |rows| rows.held_count(&station(1))), 4);
    assert_eq!(
        read(store, |rows| rows.op_at(&station(1), &order, 5)),
        Some(ops[3].clone())
    );
    let ready = read(store, |rows| rows.held_ops(None, 10));
    assert_eq!(ready.len(), 2, "those whose photo or campaign is there: {ready:?}");
    let waiting = read(store, |rows| {
        rows.held_ops(Some((&school(), &BlobId::of(b"absent").to_string())), 10)
    });
    assert_eq!(waiting, [(station(1).id, id(203).parse().unwrap())]);
    let mut settled = ops[2].clone();
    settled.outcome = OpOutcome::Applied {
        order_rev: 3,
        state: OrderState::Closed,
    };
    write(store, |rows| rows.settle_op(&settled));
    write(store, |rows| {
        rows.settle_op(&OpRow {
            outcome: held(absent),
            ..settled.clone()
        })
    });
    let found = read(store, |rows| rows.op(&station(1), &id(203).parse().unwrap()));
    assert_eq!(found, Some(settled), "what is settled stays settled");
    let page = read(store, |rows| {
        rows.ops_after(&station(1), Some(&id(203).parse().unwrap()), 2)
    });
    assert_eq!(
        page.iter().map(|o| o.op.op_id.clone()).collect::<Vec<_>>(),
        [id(204), id(205)]
    );
}
