//! Photos one person off: a range is moved, whoever is left waits, the photo left over is in the tray; and all of it back again.
use crate::kit::{self, Center, Desk, SITTERS, Undo, code, until};
use domain::OrderId;
use domain::review::RejectReason;
use station::session::Acceptance;

/// Scans a person while somebody else's face is before the camera.
fn taken_as(desk: &Desk, scanned: &str, face: &str) -> OrderId {
    desk.scan(&kit::collection_code(scanned)).unwrap();
    assert_ne!(desk.shoot_and_wait(face), "fail");
    desk.accept(Acceptance::Passed).unwrap()
}

fn at_center(center: &Center, order: OrderId) -> String {
    kit::sha256(&center.central.photo(&order).unwrap())
}

fn holds_photo_of(desk: &Desk, center: &Center, order: OrderId, face: &str) {
    until("the center has the right photo", || {
        let detail = desk.detail(order);
        detail.row.delivery == "acknowledged"
            && detail.row.state == "pending_review"
            && at_center(center, order) == kit::frame_hash(face)
    });
    assert_eq!(desk.detail(order).photo_sha256, kit::frame_hash(face));
}

#[test]
fn the_second_walked_away_and_everybody_after_sat_under_the_name_before() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let first = taken_as(&desk, SITTERS[0], SITTERS[0]);
    // The second was scanned and left; the third and the fourth sat down a name too early.
    let second = taken_as(&desk, SITTERS[1], SITTERS[2]);
    let third = taken_as(&desk, SITTERS[2], SITTERS[3]);
    for order in [first, second, third] {
        desk.wait_state(order, "pending_review");
    }
    let (second_id, third_id) = (second.to_string(), third.to_string());
    let near: Vec<String> = desk.neighbours(&second_id).unwrap().into_iter().map(|r| r.id).collect();
    assert_eq!(near, [first, second, third].map(|o| o.to_string()));
    assert!(desk.detail(second).actions.contains(&"shift".to_owned()));

    let shift = desk.shift_photos(&second_id, &third_id, true).unwrap();
    assert_eq!((shift.moved, shift.tray), (1, true));
    assert_eq!(shift.waiting_order, second_id);
    holds_photo_of(&desk, &center, third, SITTERS[2]);
    desk.wait_state(second, "paid");
    assert_eq!(at_center(&center, first), kit::frame_hash(SITTERS[0]));

    // The photo left over belongs to the fourth, who gets it from the tray.
    let tray = desk.orphans().unwrap();
    assert_eq!(tray.len(), 1);
    desk.scan(&kit::collection_code(SITTERS[3])).unwrap();
    let fourth = desk.seat().person.key;
    desk.skip().unwrap();
    let _ = desk.remove_on_deck(&fourth);
    desk.assign_orphan(&tray[0].id, &fourth).unwrap();
    until("the orphan is judged", || desk.seat().stage == "verdict");
    let fourth = desk.accept(Acceptance::Passed).unwrap();
    holds_photo_of(&desk, &center, fourth, SITTERS[3]);

    // The second comes back: no question, no try used, the same order.
    let recalls = desk.recalls().unwrap();
    assert_eq!(recalls.len(), 1);
    assert_eq!((recalls[0].order_id.clone(), recalls[0].deadline_ms), (second_id, None));
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    assert_eq!(desk.seat().stage, "ready");
    desk.shoot_and_wait(SITTERS[1]);
    assert_eq!(desk.accept(Acceptance::Passed).unwrap(), second);
    holds_photo_of(&desk, &center, second, SITTERS[1]);
    assert_eq!(desk.detail(second).tries_left, 3);

    assert_eq!(desk.recalls().unwrap(), []);
    let sheet = desk.end_of_day().unwrap();
    let open: Vec<_> = sheet.checks.iter().filter(|c| !c.holds).collect();
    assert!(open.is_empty(), "{open:?} {:?}", sheet.counts);
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn a_repair_is_taken_back_whole() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let orders: Vec<OrderId> = (0..4).map(|n| taken_as(&desk, SITTERS[n], SITTERS[n])).collect();
    for order in &orders {
        desk.wait_state(*order, "pending_review");
    }
    // Named from the far end, and the other way.
    let (first, last) = (orders[0].to_string(), orders[3].to_string());
    let shift = desk.shift_photos(&last, &first, false).unwrap();
    assert_eq!((shift.moved, shift.waiting_order.as_str()), (3, last.as_str()));
    for n in 0..3 {
        holds_photo_of(&desk, &center, orders[n], SITTERS[n + 1]);
    }
    desk.wait_state(orders[3], "paid");
    assert_eq!(desk.view().orphans, 1);

    desk.undo_shift(&shift.repair).unwrap();
    for n in 0..4 {
        holds_photo_of(&desk, &center, orders[n], SITTERS[n]);
    }
    assert_eq!((desk.view().orphans, desk.recalls().unwrap().len()), (0, 0));
    assert_eq!(code(desk.undo_shift(&shift.repair)), "nothing_to_undo");

    let sheet = desk.end_of_day().unwrap();
    assert!(sheet.checks.iter().all(|c| c.holds), "{:?}", sheet.checks);
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn what_has_gone_on_is_named_and_nothing_moves() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let orders: Vec<OrderId> = (0..3).map(|n| taken_as(&desk, SITTERS[n], SITTERS[n])).collect();
    for order in &orders {
        desk.wait_state(*order, "pending_review");
    }
    let ends = [orders[0].to_string(), orders[2].to_string()];
    center.central.approve("reviewer", &orders[1]).unwrap();
    desk.wait_state(orders[1], "pending_production");
    let refused = desk.shift_photos(&ends[0], &ends[1], true).unwrap_err().fault();
    assert_eq!(refused.code, "not_shifted");
    assert_eq!(refused.values["number"], desk.detail(orders[1]).row.number);
    for n in 0..3 {
        assert_eq!(desk.detail(orders[n]).photo_sha256, kit::frame_hash(SITTERS[n]));
    }
    assert_eq!(desk.view().orphans, 0);
    assert_eq!(code(desk.shift_photos(&ends[0], &ends[0], true)), "bad_argument");

    // A rejected order at the end is left as it is, and takes part in the way back.
    center
        .central
        .reject("reviewer", &orders[2], &[RejectReason::WrongPerson], None)
        .unwrap();
    desk.wait_state(orders[2], "rejected");
    let fourth = taken_as(&desk, SITTERS[3], SITTERS[3]);
    desk.wait_state(fourth, "pending_review");
    let shift = desk.shift_photos(&ends[1], &fourth.to_string(), true).unwrap();
    holds_photo_of(&desk, &center, fourth, SITTERS[2]);
    assert_eq!(desk.detail(orders[2]).row.state, "rejected");

    // The photo in the tray finds another owner: from then on there is no way back.
    let tray = desk.orphans().unwrap();
    desk.discard_shot(&tray[0].id).unwrap();
    assert_eq!(code(desk.undo_shift(&shift.repair)), "too_late_to_undo");
    holds_photo_of(&desk, &center, fourth, SITTERS[2]);
    center.assert_holds();
}

#[test]
fn a_repair_and_each_photo_leave_by_themselves() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::Short);
    // The second is accepted while the first may still be taken back: neither waits for the other.
    let first = taken_as(&desk, SITTERS[0], SITTERS[0]);
    let second = taken_as(&desk, SITTERS[1], SITTERS[2]);
    for order in [first, second] {
        desk.wait_state(order, "pending_review");
    }
    let shift = desk
        .shift_photos(&first.to_string(), &second.to_string(), true)
        .unwrap();
    desk.undo_shift(&shift.repair).unwrap();
    holds_photo_of(&desk, &center, first, SITTERS[0]);
    holds_photo_of(&desk, &center, second, SITTERS[2]);
}
