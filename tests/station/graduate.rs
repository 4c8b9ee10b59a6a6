//! A graduate's journey: code, photo, verdict, order, rejection, retake, approval.
use crate::kit::{self, Center, Desk, FEATURE_CODE, LAUGHING, PASSING, PASSING_AGAIN, SITTERS, Undo, code, until};
use domain::order::OverrideReason;
use domain::review::RejectReason;
use station::session::Acceptance;

#[test]
fn a_graduate_is_photographed_sent_back_taken_again_and_approved() {
    let center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    let campaign = desk
        .snapshot()
        .status
        .campaign
        .expect("the campaign came with the enrolment");
    assert_eq!(
        (campaign.job.as_str(), campaign.id),
        ("graduate", kit::campaign("graduate").id)
    );

    feature_codes(&desk);
    desk.scan(&kit::collection_code(PASSING)).unwrap();
    assert_eq!(desk.seat().stage, "ready");
    assert_eq!(desk.shoot_and_wait(PASSING), "pass");
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert!(desk.view().current.is_none(), "the chair is free");

    desk.wait_acknowledged(order);
    let detail = desk.detail(order);
    assert!(detail.receipt.is_some());
    assert_eq!(detail.photo_sha256, kit::frame_hash(PASSING));
    assert_eq!(
        kit::sha256(&center.central.photo(&order).unwrap()),
        kit::frame_hash(PASSING)
    );

    center
        .central
        .reject("reviewer", &order, &[RejectReason::Covering], Some("围巾"))
        .unwrap();
    until("the recall appears", || !desk.recalls().unwrap().is_empty());
    retake(&desk, order);
    assert_eq!(
        kit::sha256(&center.central.photo(&order).unwrap()),
        kit::frame_hash(PASSING_AGAIN)
    );

    center.central.approve("reviewer", &order).unwrap();
    desk.wait_state(order, "pending_production");
    assert_eq!(desk.recalls().unwrap(), []);
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 1);
    desk.assert_holds();
    center.assert_holds();
}

/// Each wrong code has its own answer; the right one stays.
fn feature_codes(desk: &Desk) {
    assert!(desk.view().feature_code.needed);
    for (entered, answer) in [
        ("xy2025", "feature_code_expired"),
        ("zz2027", "feature_code_other_school"),
        ("ab1234", "feature_code_unknown"),
        ("短", "feature_code_form"),
        (FEATURE_CODE, "done"),
    ] {
        assert_eq!(code(desk.enter_feature_code(entered)), answer, "{entered}");
    }
    assert_eq!(desk.view().feature_code.entered.as_deref(), Some(FEATURE_CODE));
}

/// The scan opens with the reason; the same photo is refused, another one goes out.
fn retake(desk: &Desk, order: domain::OrderId) {
    desk.scan(&kit::collection_code(PASSING)).unwrap();
    let seat = desk.seat();
    let recall = seat.person.recall.expect("the reason is on the card");
    assert_eq!((recall.reasons, recall.tries_left), (vec!["covering".to_owned()], 3));
    assert_eq!(recall.note.as_deref(), Some("围巾"));
    assert_eq!(seat.stage, "ready", "a recalled person needs no confirmation");

    desk.shoot_and_wait(PASSING);
    assert_eq!(code(desk.accept(Acceptance::Passed)), "same_photo");
    assert_eq!(desk.seat().stage, "verdict", "a refusal changes nothing");
    desk.retake().unwrap();
    desk.shoot_and_wait(PASSING_AGAIN);
    assert_eq!(desk.accept(Acceptance::Passed).unwrap(), order, "the order is the same");
    until("the new photo is acknowledged", || {
        let detail = desk.detail(order);
        detail.row.delivery == "acknowledged" && detail.row.state == "pending_review"
    });
    assert_eq!(desk.detail(order).row.photo_revision, 2);
    assert_eq!(desk.detail(order).tries_left, 2);
}

#[test]
fn without_a_feature_code_nothing_is_submitted_and_nothing_lost() {
    let center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    desk.scan(&kit::collection_code(PASSING)).unwrap();
    desk.shoot_and_wait(PASSING);
    assert_eq!(code(desk.accept(Acceptance::Passed)), "feature_code_needed");
    assert_eq!(desk.seat().stage, "verdict");
    desk.enter_feature_code(FEATURE_CODE).unwrap();
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_acknowledged(order);
}

#[test]
fn a_photo_that_fails_waits_for_a_reason() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    // A roster makes no sense in a blind job, nor does a person without a code.
    assert_eq!(code(desk.add_temporary("新同学", "")), "wrong_person_key");
    assert_eq!(code(desk.accept(Acceptance::Passed)), "nobody_sits");
    desk.scan(&kit::collection_code(LAUGHING)).unwrap();
    assert_eq!(code(desk.accept(Acceptance::Passed)), "nothing_to_accept");
    assert_eq!(desk.shoot_and_wait(LAUGHING), "fail");
    let worst = desk.seat().verdict.unwrap().findings.remove(0);
    assert!(
        worst.reason.is_some() && worst.remedy.is_some(),
        "it says what to do: {worst:?}"
    );
    assert_eq!(code(desk.accept(Acceptance::Passed)), "did_not_pass");
    let order = desk
        .accept(Acceptance::Override(OverrideReason::BestOfSeveral))
        .unwrap();
    desk.wait_acknowledged(order);
    assert_eq!(desk.detail(order).row.local_check, "overridden");
}

#[test]
fn who_is_scanned_meanwhile_waits_and_is_next() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    for sitter in &SITTERS[..2] {
        desk.scan(&kit::collection_code(sitter)).unwrap();
    }
    let next = desk.view().on_deck.remove(0).key;
    desk.shoot_and_wait(SITTERS[0]);
    let first = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.seat().person.key, next, "the next one sits at once");
    desk.shoot_and_wait(SITTERS[1]);
    let second = desk.accept(Acceptance::Passed).unwrap();
    for (order, sitter) in [(first, SITTERS[0]), (second, SITTERS[1])] {
        desk.wait_acknowledged(order);
        assert_eq!(
            kit::sha256(&center.central.photo(&order).unwrap()),
            kit::frame_hash(sitter)
        );
    }
}
