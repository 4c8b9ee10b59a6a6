//! The journal refuses changes, and shows those made behind its back.
use crate::kit::{self, entry, raw};
use store::journal::{self, Break};
use store::{Depth, Problem, Store};

fn written() -> (tempfile::TempDir, Store) {
    let (dir, store) = kit::store();
    store
        .write(|tx| (1..=5).try_for_each(|n| journal::append(tx, &entry("created", Some(n % 2))).map(drop)))
        .unwrap();
    (dir, store)
}

fn tampered(sql: &str) -> Option<Break> {
    let (dir, store) = written();
    raw(dir.path())
        .execute_batch(&format!(
            "DROP TRIGGER journal_keeps; DROP TRIGGER journal_stays; {sql}"
        ))
        .unwrap();
    // Going on as if nothing had happened does not hide it.
    store.write(|tx| journal::append(tx, &entry("after", None))).unwrap();
    let found = store.read(journal::verify).unwrap();
    let reported = store.verify(Depth::Rows).unwrap().problems;
    assert_eq!(reported, found.map(Problem::Journal).into_iter().collect::<Vec<_>>());
    found
}

#[test]
fn entries_are_chained_and_found_by_order() {
    let (_dir, store) = written();
    assert_eq!(store.read(journal::verify).unwrap(), None);
    let latest = store.read(|c| journal::latest(c, 2)).unwrap();
    assert_eq!((latest[0].seq, latest[1].seq, latest[0].prev), (5, 4, latest[1].hash));
    let of = store.read(|c| journal::of_order(c, kit::order(1).id)).unwrap();
    assert_eq!(of.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 3, 5]);
    assert_eq!(of[0].entry, entry("created", Some(1)));
}

#[test]
fn it_is_append_only() {
    let (dir, _store) = written();
    let raw = raw(dir.path());
    for sql in [
        "UPDATE journal SET who = 'nobody' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 5",
    ] {
        let refused = raw.execute_batch(sql).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
}

#[test]
fn changes_behind_its_back_are_found() {
    assert_eq!(tampered(""), None);
    assert_eq!(
        tampered("UPDATE journal SET who = 'nobody' WHERE seq = 2"),
        Some(Break::Changed { seq: 2 })
    );
    assert_eq!(
        tampered("UPDATE journal SET what = what || 'x', who = '' WHERE seq = 4"),
        Some(Break::Changed { seq: 4 })
    );
    assert_eq!(
        tampered("UPDATE journal SET order_id = NULL WHERE seq = 3"),
        Some(Break::Changed { seq: 3 })
    );
    assert_eq!(
        tampered("DELETE FROM journal WHERE seq = 3"),
        Some(Break::Missing { seq: 3 })
    );
    assert_eq!(
        tampered("DELETE FROM journal WHERE seq = 1"),
        Some(Break::Missing { seq: 1 })
    );
    assert_eq!(
        tampered("DELETE FROM journal WHERE seq >= 4"),
        Some(Break::Missing { seq: 4 })
    );
}

#[test]
fn verify_finds_what_else_was_changed() {
    let problems = |sql: &str| {
        let (dir, store) = kit::store();
        for n in 1..=2 {
            store.blobs().put(&kit::bytes(n)).unwrap();
            store.write(|tx| kit::submit(tx, n)).unwrap();
        }
        let raw = raw(dir.path());
        raw.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        store.verify(Depth::Rows).unwrap().problems
    };
    let (first, second) = (kit::order(1).id, kit::order(2).id);
    let (op_1, op_2) = (kit::op(1, 1).id, kit::op(2, 2).id);
    let id = |n| kit::uuid(n).to_string();
    assert_eq!(problems(""), []);
    let body = problems(&format!("UPDATE outbox SET body = '{{}}' WHERE op_id = '{}'", id(1)));
    assert_eq!(body, [Problem::Body(op_1), Problem::Chain(op_1)]);
    let gone = problems(&format!("DELETE FROM outbox WHERE op_id = '{}'", id(1)));
    assert_eq!(
        gone,
        [
            Problem::Chain(op_2),
            Problem::Revisions(first),
            Problem::Delivery(first)
        ]
    );
    let told = problems(&format!(
        "UPDATE orders SET delivery = 'acknowledged' WHERE id = '{}'",
        id(2)
    ));
    assert_eq!(told, [Problem::Delivery(second)]);
    let word = problems(&format!("UPDATE orders SET state = 'lost' WHERE id = '{}'", id(2)));
    assert_eq!(
        word,
        [Problem::Row {
            table: "orders",
            column: "state"
        }]
    );
    let link = problems(&format!(
        "UPDATE orders SET campaign_id = '{}' WHERE id = '{}'",
        id(99),
        id(2)
    ));
    assert_eq!(link, [Problem::Link { table: "orders".into() }]);
}
