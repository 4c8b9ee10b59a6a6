//! A day without the center: everything waits, nothing is doubled when it comes back.
use crate::kit::{Center, Desk, SITTERS, Undo, frame_hash, sha256, until};
use central::OrderFilter;
use std::collections::BTreeSet;

#[test]
fn an_unpaid_order_is_closed_before_it_leaves() {
    let (mut center, _provider) = Center::paid("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    until("the first contact", || desk.queue().online);
    center.go_away();
    let order = desk.collect(SITTERS[0]);
    desk.close_order(&order.to_string()).unwrap();
    assert_eq!(desk.detail(order).row.state, "closed");
    center.come_back();
    desk.sync_now().unwrap();
    desk.wait_acknowledged(order);
    until("the center knows", || center.state(order) == "closed");
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn a_day_offline_arrives_whole_in_the_evening() {
    let mut center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    until("the first contact", || desk.queue().online);
    center.go_away();

    let mut orders: Vec<_> = SITTERS[..3].iter().map(|s| (*s, desk.collect(s))).collect();
    let desk = desk.restart(Undo::No);
    orders.extend(SITTERS[3..].iter().map(|s| (*s, desk.collect(s))));
    assert_eq!((desk.queue().waiting, desk.queue().acknowledged), (5, 0));
    let page = desk.orders(None, None, 0, 10).unwrap();
    let numbers: BTreeSet<_> = page.rows.iter().map(|r| &r.number).collect();
    assert_eq!((page.total, numbers.len()), (5, 5));
    until("it is known that nobody answers", || !desk.queue().online);

    center.come_back();
    desk.sync_now().unwrap();
    for (_, order) in &orders {
        desk.wait_acknowledged(*order);
    }
    // Asked again: nothing is sent twice.
    desk.sync_now().unwrap();
    until("the queue is empty", || desk.queue().waiting == 0);
    assert_eq!(center.central.orders(&OrderFilter::default()).unwrap().len(), 5);
    for (sitter, order) in orders {
        assert_eq!(
            sha256(&center.central.photo(&order).unwrap()),
            frame_hash(sitter),
            "{sitter}"
        );
        assert!(desk.detail(order).receipt.is_some());
    }
    let view = desk.sync_view().unwrap();
    assert_eq!((view.photos_safe, view.photos_total, view.quarantined.len()), (5, 5, 0));
    desk.assert_holds();
    center.assert_holds();
}
