//! What a photographer's slips and a restart do to a photo: nothing is doubled, misfiled or lost.
use crate::kit::{self, Center, Desk, SITTERS, Undo, code, until};
use station::session::Acceptance;

#[test]
fn someone_collected_before_is_not_taken_again_without_a_confirmation() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let first = desk.collect(SITTERS[0]);
    desk.wait_acknowledged(first);
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    let seat = desk.seat();
    let collected = seat.person.collected.expect("the card says so");
    assert_eq!(
        (collected.order_id, collected.elsewhere),
        (Some(first.to_string()), false)
    );
    assert_eq!(seat.stage, "confirm");
    assert_eq!(code(desk.shoot()), "not_confirmed");
    desk.choose(&seat.person.key).unwrap();
    assert_eq!(desk.seat().stage, "ready");
    desk.skip().unwrap();
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 1);
}

#[test]
fn another_station_knows_who_was_collected() {
    let center = Center::with("graduate");
    let (here, there) = (
        Desk::of_graduates(&center, Undo::No),
        Desk::of_graduates(&center, Undo::No),
    );
    here.collect(SITTERS[0]);
    until("the other station hears of it", || {
        there.scan(&kit::collection_code(SITTERS[0])).unwrap();
        let seat = there.seat();
        if seat.stage != "confirm" {
            there.undo().unwrap();
        }
        seat.stage == "confirm"
    });
    assert!(there.seat().person.collected.unwrap().elsewhere);
}

#[test]
fn an_accepted_photo_is_taken_back_before_it_leaves() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::Long);
    let order = desk.collect(SITTERS[0]);
    assert_eq!(desk.view().undo.unwrap().what, "accept");
    desk.sync_now().unwrap();
    desk.undo().unwrap();
    assert_eq!(code(desk.order(&order.to_string())), "not_found");
    let seat = desk.seat();
    assert_eq!(
        (seat.stage.as_str(), seat.person.collected),
        ("ready", None),
        "as if it had never been"
    );
    desk.shoot_and_wait(SITTERS[0]);
    let again = desk.accept(Acceptance::Passed).unwrap();
    assert_ne!(again, order);
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 1);
    desk.assert_holds();
    // The next start sends nothing before its time either; the order can still be found.
    let desk = desk.restart(Undo::Long);
    assert_eq!(desk.queue().waiting, 1);
    assert_eq!(desk.detail(again).row.delivery, "queued");
    assert_eq!(center.state(again), "unknown");
}

#[test]
fn an_accepted_photo_that_has_left_stays() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let order = desk.collect(SITTERS[0]);
    desk.wait_acknowledged(order);
    assert_eq!(code(desk.undo()), "too_late_to_undo");
    assert_eq!(desk.detail(order).row.delivery, "acknowledged");
    assert!(desk.view().current.is_none());
    desk.assert_holds();
}

#[test]
fn who_is_skipped_waits_behind_the_others() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    for sitter in &SITTERS[..3] {
        desk.scan(&kit::collection_code(sitter)).unwrap();
    }
    let first = desk.seat().person.key;
    let waiting: Vec<_> = desk.view().on_deck.into_iter().map(|p| p.key).collect();
    assert_eq!(waiting.len(), 2);
    desk.shoot_and_wait(SITTERS[0]);
    desk.skip().unwrap();
    assert_eq!(desk.seat().person.key, waiting[0]);
    let waits: Vec<_> = desk.view().on_deck.into_iter().map(|p| p.key).collect();
    assert_eq!(waits, [waiting[1].clone(), first]);
    assert_eq!(
        desk.view().filmstrip[0].fate,
        "discarded",
        "a skipped verdict is thrown back"
    );
    desk.assert_holds();
}

#[test]
fn a_shot_without_a_scan_is_an_orphan_until_it_is_given_to_somebody() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.show(SITTERS[1]);
    desk.shoot().unwrap();
    until("the orphan is in the tray", || desk.view().orphans == 1);
    until("it was judged", || desk.view().filmstrip[0].verdict.is_some());
    let orphan = desk.orphans().unwrap().remove(0);
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 0);
    // Met before, so that there is somebody to give it to; nobody may sit meanwhile.
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    let key = desk.seat().person.key;
    assert_eq!(code(desk.assign_orphan(&orphan.id, &key)), "busy");
    desk.undo().unwrap();
    desk.assign_orphan(&orphan.id, &key).unwrap();
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_acknowledged(order);
    assert_eq!(desk.detail(order).photo_sha256, kit::frame_hash(SITTERS[1]));
    assert_eq!(desk.view().orphans, 0);
    assert_eq!(
        code(desk.assign_orphan(&orphan.id, &key)),
        "not_found",
        "given away once"
    );
    desk.assert_holds();
}

#[test]
fn too_many_shots_without_a_scan_lock_the_shutter() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    for _ in 0..5 {
        desk.shoot_and_wait(SITTERS[0]);
        assert_eq!(code(desk.shoot()), "answer_first");
        desk.retake().unwrap();
    }
    assert!(desk.seat().locked);
    assert_eq!(code(desk.shoot()), "shot_limit");
    desk.choose(&desk.seat().person.key).unwrap();
    assert!(!desk.seat().locked);
    desk.shoot_and_wait(SITTERS[0]);
    desk.accept(Acceptance::Passed).unwrap();
    desk.assert_holds();
}

#[test]
fn a_shot_nobody_decided_on_is_offered_after_a_restart() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.scan(&kit::collection_code(SITTERS[2])).unwrap();
    let person = desk.seat().person.key;
    desk.shoot_and_wait(SITTERS[2]);
    let desk = desk.restart(Undo::No);
    let offered = desk.view().unconfirmed;
    assert_eq!(offered.len(), 1);
    assert!(desk.view().current.is_none());
    desk.keep_unconfirmed(&offered[0].id).unwrap();
    assert_eq!(desk.seat().person.key, person);
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_acknowledged(order);
    assert_eq!(
        kit::sha256(&center.central.photo(&order).unwrap()),
        kit::frame_hash(SITTERS[2])
    );
    assert!(desk.view().unconfirmed.is_empty());
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn a_shot_nobody_wants_is_discarded_and_its_bytes_stay() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.scan(&kit::collection_code(SITTERS[2])).unwrap();
    desk.shoot_and_wait(SITTERS[2]);
    let desk = desk.restart(Undo::No);
    let offered = desk.view().unconfirmed.remove(0);
    desk.discard_shot(&offered.id).unwrap();
    assert_eq!(code(desk.keep_unconfirmed(&offered.id)), "not_found");
    let desk = desk.restart(Undo::No);
    assert!(desk.view().unconfirmed.is_empty());
    desk.assert_holds();
}

#[test]
fn another_campaign_frees_the_chair_and_keeps_the_undecided_shot() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let campaign = kit::campaign("graduate");
    let other = wire::campaign::CampaignDoc {
        id: "01990000-0000-7000-8000-00000000ffff".to_owned(),
        ..campaign.clone()
    };
    center.central.put_campaign(&other).unwrap();
    until("the other campaign comes", || desk.campaigns().unwrap().len() == 2);
    desk.show(SITTERS[0]);
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    desk.shoot_and_wait(SITTERS[0]);
    desk.choose_campaign(&other.id).unwrap();
    let view = desk.view();
    assert_eq!((view.current, view.unconfirmed.len()), (None, 1));
    desk.choose_campaign(&campaign.id).unwrap();
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    assert_eq!(desk.seat().stage, "ready");
}
