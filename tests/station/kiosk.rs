//! The kiosk: a graduate collects themselves, sees only their own, and leaves nothing behind.
use crate::kit::{self, Center, Desk, FEATURE_CODE, LAUGHING, PASSING, PASSING_AGAIN, SITTERS, Undo, code, until};
use domain::review::RejectReason;
use ipc::KioskView;
use station::{Erased, Filled, RosterFile};

fn now(desk: &Desk) -> KioskView {
    desk.kiosk_watch(None).unwrap()
}

fn enter(desk: &Desk, sitter: &str) {
    let payload = kit::collection_code(sitter);
    desk.kiosk_enter("graduate", std::str::from_utf8(&payload).unwrap(), None)
        .unwrap();
}

fn shoot(desk: &Desk, frame: &str) -> String {
    desk.show(frame);
    desk.kiosk_shoot().unwrap();
    desk.wait_verdict()
}

#[test]
fn a_graduate_collects_themselves_and_answers_a_rejection() {
    let center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    assert!(now(&desk).graduate.is_some() && now(&desk).freshman.is_none());
    assert_eq!(code(desk.kiosk_begin()), "kiosk_no_guest");

    enter(&desk, PASSING);
    let guest = now(&desk).guest.unwrap();
    assert!(guest.orders.is_empty() && !guest.consented && !guest.coded);
    assert_eq!(code(desk.kiosk_begin()), "no_consent");
    assert_eq!(code(desk.kiosk_consent("old", "en")), "kiosk_old_agreement");
    let version = now(&desk).graduate.unwrap().consent_version;
    desk.kiosk_consent(&version, "en").unwrap();
    assert_eq!(code(desk.kiosk_begin()), "feature_code_needed");
    for (entered, answer) in [
        ("xy2025", "feature_code_expired"),
        ("zz2027", "feature_code_other_school"),
        ("ab1234", "feature_code_unknown"),
        ("短", "feature_code_form"),
        (FEATURE_CODE, "done"),
    ] {
        assert_eq!(code(desk.kiosk_feature_code(entered)), answer, "{entered}");
    }
    let short_phone = Filled {
        phone: Some("138"),
        ..Filled::default()
    };
    assert_eq!(code(desk.kiosk_fill(&short_phone)), "bad_argument");
    let filled = Filled {
        phone: Some("13800001234"),
        major: Some("临床医学"),
        ..Filled::default()
    };
    desk.kiosk_fill(&filled).unwrap();
    assert_eq!(
        now(&desk).guest.unwrap().person.phone_masked.as_deref(),
        Some("138****1234")
    );

    desk.kiosk_begin().unwrap();
    assert_eq!(shoot(&desk, LAUGHING), "fail");
    assert_eq!(
        code(desk.kiosk_submit(None)),
        "did_not_pass",
        "no override at the kiosk"
    );
    desk.kiosk_retake().unwrap();
    assert_ne!(shoot(&desk, PASSING), "fail");
    let order = desk.kiosk_submit(None).unwrap().parse().unwrap();
    let detail = desk.kiosk_order(&desk.detail(order).row.id).unwrap();
    assert_eq!(detail.row.person.phone_masked.as_deref(), Some("138****1234"));
    assert!(detail.timeline.iter().all(|e| e.who.is_empty() && e.values.is_empty()));
    assert_eq!(
        code(desk.kiosk_begin()),
        "kiosk_collected",
        "only those not yet collected"
    );

    desk.wait_acknowledged(order);
    let at_center = center.central.order(&order).unwrap().row.order;
    assert_eq!(
        (at_center.consent.language.as_str(), at_center.consent.asked_by.as_str()),
        ("en", "kiosk")
    );
    desk.kiosk_leave().unwrap();
    assert!(now(&desk).guest.is_none());

    center
        .central
        .reject("reviewer", &order, &[RejectReason::Covering], None)
        .unwrap();
    until("the recall appears", || !desk.recalls().unwrap().is_empty());
    enter(&desk, PASSING);
    assert_eq!(now(&desk).guest.unwrap().recall.unwrap().reasons, ["covering"]);
    desk.kiosk_begin().unwrap();
    assert_ne!(shoot(&desk, PASSING_AGAIN), "fail");
    desk.kiosk_submit(None).unwrap();
    desk.wait_state(order, "pending_review");
    desk.assert_holds();
}

#[test]
fn a_graduate_pays_by_the_code_on_the_screen() {
    let (center, provider) = Center::paid("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    enter(&desk, PASSING);
    let version = now(&desk).graduate.unwrap().consent_version;
    desk.kiosk_consent(&version, "zh-CN").unwrap();
    desk.kiosk_feature_code(FEATURE_CODE).unwrap();
    desk.kiosk_begin().unwrap();
    assert_ne!(shoot(&desk, PASSING), "fail");
    let id = desk.kiosk_submit(None).unwrap();
    let order = id.parse().unwrap();
    let refused = code(desk.kiosk_pay(&id));
    assert!(["on_its_way", "done"].contains(&refused.as_str()), "{refused}");
    desk.wait_acknowledged(order);
    let shown = desk.kiosk_pay(&id).unwrap();
    assert_eq!(shown.amount_fen, 2500);
    assert_eq!(desk.kiosk_pay(&id).unwrap(), shown, "asked again, the same code");
    let read = String::from_utf8(station::codes_in(&drawn(&shown)).unwrap().remove(0)).unwrap();
    assert!(read.starts_with("weixin://wxpay/"), "{read}");

    let clerk = central::people::Person {
        account: "clerk".to_owned(),
        role: central::people::AccountRole::Auditor,
        school: None,
        credential: String::new(),
        csrf: None,
    };
    let number = center.central.money_for(&clerk, &order).unwrap().trades[0].number();
    provider.pay(number.as_str());
    desk.wait_state(order, "pending_review");
    assert_eq!(code(desk.kiosk_pay(&id)), "not_payable");
    enter(&desk, SITTERS[0]);
    assert_eq!(code(desk.kiosk_pay(&id)), "not_found", "another guest's order");
    center.assert_holds();
    desk.assert_holds();
}

#[test]
fn an_address_follows_the_order_and_a_photo_is_taken_back() {
    let (center, provider) = Center::paid("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    enter(&desk, PASSING);
    let version = now(&desk).graduate.unwrap().consent_version;
    desk.kiosk_consent(&version, "zh-CN").unwrap();
    desk.kiosk_feature_code(FEATURE_CODE).unwrap();
    desk.kiosk_begin().unwrap();
    assert_ne!(shoot(&desk, PASSING), "fail");
    let id = desk.kiosk_submit(None).unwrap();
    let order = id.parse().unwrap();

    for bad in ["", "   ", "长沙市\n岳麓区", &"长".repeat(201)] {
        assert_eq!(code(desk.kiosk_edit_address(&id, bad)), "bad_argument", "{bad:?}");
    }
    desk.kiosk_edit_address(&id, " 湖南省长沙市岳麓区麓山南路 932 号 ")
        .unwrap();
    let shown = desk.kiosk_order(&id).unwrap();
    assert_eq!(shown.address_masked.as_deref(), Some("湖南省长沙市*************"));
    assert_eq!(
        desk.reveal(&id).unwrap().address.as_deref(),
        Some("湖南省长沙市岳麓区麓山南路 932 号")
    );
    assert!(shown.actions.contains(&"address".to_owned()) && !shown.actions.contains(&"withdraw".to_owned()));
    assert_eq!(
        code(desk.kiosk_withdraw(&id)),
        "state_forbidden",
        "not before it is reviewed"
    );
    let at_center = || center.central.order(&order).ok().and_then(|o| o.row.order.address);
    until("the center has the address", || {
        at_center().as_deref() == Some("湖南省长沙市岳麓区麓山南路 932 号")
    });

    // Paid, and still where it is sent can change.
    let clerk = central::people::Person {
        account: "clerk".to_owned(),
        role: central::people::AccountRole::Auditor,
        school: None,
        credential: String::new(),
        csrf: None,
    };
    desk.kiosk_pay(&id).unwrap();
    provider.pay(
        center.central.money_for(&clerk, &order).unwrap().trades[0]
            .number()
            .as_str(),
    );
    desk.wait_state(order, "pending_review");
    desk.kiosk_edit_address(&id, "株洲市").unwrap();
    until("the center has it again", || at_center().as_deref() == Some("株洲市"));

    desk.kiosk_withdraw(&id).unwrap();
    assert_eq!(now(&desk).guest.unwrap().recall.unwrap().order_id, id);
    until("the center knows", || {
        center.central.order(&order).unwrap().row.order.withdrawn
    });
    let line = |what: &str| {
        center
            .central
            .order(&order)
            .unwrap()
            .history
            .iter()
            .any(|h| h.what == what)
    };
    assert!(
        line("T6w") && line("T2e"),
        "{:?}",
        center.central.order(&order).unwrap().history
    );
    desk.kiosk_begin().unwrap();
    assert_ne!(shoot(&desk, PASSING_AGAIN), "fail");
    desk.kiosk_submit(None).unwrap();
    desk.wait_state(order, "pending_review");
    assert_eq!(
        center.central.order(&order).unwrap().row.order.tries,
        0,
        "it cost no try"
    );

    enter(&desk, SITTERS[0]);
    assert_eq!(
        code(desk.kiosk_edit_address(&id, "别处")),
        "not_found",
        "another guest's order"
    );
    assert_eq!(code(desk.kiosk_withdraw(&id)), "not_found");
    center.assert_holds();
    desk.assert_holds();
}

#[test]
fn a_guest_without_an_order_is_forgotten_and_one_with_an_order_is_heard() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    enter(&desk, PASSING);
    desk.kiosk_write("几点关门").unwrap();
    let filled = Filled {
        phone: Some("13800001234"),
        ..Filled::default()
    };
    desk.kiosk_fill(&filled).unwrap();
    assert_eq!(desk.kiosk_erase().unwrap(), Erased::Gone);
    assert!(now(&desk).guest.is_none() && desk.messages().unwrap().is_empty());
    enter(&desk, PASSING);
    assert_eq!(now(&desk).guest.unwrap().person.phone_masked, None);
    desk.kiosk_leave().unwrap();

    desk.collect(SITTERS[0]);
    enter(&desk, SITTERS[0]);
    let kept = desk.kiosk_my_data().unwrap();
    assert!(now(&desk).guest.unwrap().orders.len() == 1 && kept.orders.len() == 1);
    let [photo] = &kept.orders[0].photos[..] else {
        panic!("one photo")
    };
    let row = &kept.orders[0].row;
    assert_eq!(
        (photo.revision, &photo.local_check),
        (row.photo_revision, &row.local_check)
    );
    assert_eq!(photo.noted.is_empty(), photo.local_check == "passed");
    assert!(
        kept.consents.iter().all(|c| c.version == "demo-1") && !kept.consents.is_empty(),
        "also one of another day"
    );
    assert_eq!(desk.kiosk_erase().unwrap(), Erased::Asked);
    assert_eq!(now(&desk).guest.unwrap().orders.len(), 1, "a photo under way stays");
    assert!(desk.messages().unwrap()[0].text.contains("删除"));
    desk.assert_holds();
}

/// The code as a phone's camera would see it on the screen.
fn drawn(code: &ipc::PaymentView) -> Vec<u8> {
    const MODULE_PX: u32 = 8;
    const QUIET: u32 = 4;
    let side = (code.modules + 2 * QUIET) * MODULE_PX;
    let size = domain::SizePx {
        width: side,
        height: side,
    };
    let at = |v: u32| (v / MODULE_PX).checked_sub(QUIET).filter(|m| *m < code.modules);
    let picture = photo::Picture::from_fn(size, |x, y| {
        let place = at(x).zip(at(y)).map(|(column, row)| row * code.modules + column);
        let dark = place.is_some_and(|p| code.dark.as_bytes()[p as usize] == b'1');
        let v = if dark { 0 } else { 255 };
        domain::Rgb { r: v, g: v, b: v }
    });
    photo::encode_jpeg(&picture.unwrap(), 90, 72).unwrap()
}

#[test]
fn a_guest_sees_only_their_own_and_leaves_nothing_behind() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let others = desk.collect(SITTERS[0]);
    let path = format!("order/{others}");

    enter(&desk, PASSING);
    assert_eq!(code(desk.kiosk_order(&others.to_string())), "not_found");
    assert_eq!(desk.kiosk_picture(&path, "size=thumb").status, 404);
    assert_eq!(desk.kiosk_picture("preview", "after=0").status, 200);
    assert!(desk.kiosk_my_data().unwrap().orders.is_empty());
    desk.kiosk_write("想问审核要多久").unwrap();
    assert_eq!(code(desk.kiosk_write("  ")), "bad_argument");
    let thread = desk.messages().unwrap();
    assert_eq!(thread.len(), 1);
    desk.answer_message(thread[0].key.as_deref().unwrap(), "一般两天")
        .unwrap();
    assert_eq!(desk.kiosk_messages().unwrap().len(), 2);

    enter(&desk, SITTERS[0]);
    assert!(
        desk.kiosk_messages().unwrap().is_empty(),
        "the next guest has a thread of their own"
    );
    assert_eq!(
        desk.kiosk_order(&others.to_string()).unwrap().row.id,
        others.to_string()
    );
    assert_eq!(desk.kiosk_picture(&path, "size=thumb").status, 200);
    desk.kiosk_leave().unwrap();
    assert_eq!(code(desk.kiosk_messages()), "kiosk_no_guest");

    assert_eq!(code(desk.kiosk_exit("1234")), "kiosk_no_pin");
    assert_eq!(code(desk.set_kiosk_pin("12")), "bad_argument");
    desk.set_kiosk_pin("2468").unwrap();
    for _ in 0..5 {
        assert_eq!(code(desk.kiosk_exit("1234")), "kiosk_wrong_pin");
    }
    assert_eq!(code(desk.kiosk_exit("2468")), "kiosk_pin_locked");
}

#[test]
fn the_kiosk_takes_no_chair_from_the_desk_and_gives_up_after_three_pictures() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    enter(&desk, PASSING);
    let version = now(&desk).graduate.unwrap().consent_version;
    desk.kiosk_consent(&version, "zh-CN").unwrap();
    desk.kiosk_feature_code(FEATURE_CODE).unwrap();
    assert!(now(&desk).chair_taken);
    assert_eq!(code(desk.kiosk_begin()), "kiosk_chair_taken");
    assert_eq!(code(desk.kiosk_shoot()), "nobody_sits");
    desk.undo().unwrap();

    desk.kiosk_begin().unwrap();
    for left in [2, 1, 0] {
        assert_eq!(shoot(&desk, LAUGHING), "fail");
        assert_eq!(now(&desk).booth.unwrap().shots_left, left);
        desk.kiosk_retake().unwrap();
    }
    assert_eq!(code(desk.kiosk_shoot()), "kiosk_find_teacher");
    assert_eq!(code(desk.kiosk_use_file(b"no picture")), "kiosk_find_teacher");
    desk.kiosk_leave().unwrap();
    assert!(desk.view().current.is_none(), "the chair is free again");
    desk.assert_holds();
}

#[test]
fn a_freshman_needs_number_and_proof() {
    let center = Center::with("freshman");
    let desk = Desk::enrolled(&center, Undo::No);
    let bytes = std::fs::read(kit::repository("assets/demo/roster-gbk.csv")).unwrap();
    let roster = RosterFile {
        name: "roster.csv",
        bytes: &bytes,
        encoding: None,
        sheet: None,
        mapping: None,
    };
    desk.import_roster(&roster).unwrap();
    for proof in [None, Some(""), Some("0000"), Some("1")] {
        assert_eq!(
            code(desk.kiosk_enter("freshman", "2026010001", proof)),
            "kiosk_no_match",
            "{proof:?}"
        );
    }
    assert_eq!(
        code(desk.kiosk_enter("freshman", "2099999999", Some("9011"))),
        "kiosk_no_match"
    );
    assert_eq!(code(desk.kiosk_enter("graduate", "whatever", None)), "kiosk_no_job");
    desk.kiosk_enter("freshman", "2026010001", Some("9011")).unwrap();
    assert_eq!(
        now(&desk).guest.unwrap().person.student_number.as_deref(),
        Some("2026010001")
    );
}
