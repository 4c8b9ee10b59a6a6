//! The kiosk by a mobile number: proved by a code from the center, several people of one number, offline, and being told by short
//! message.
use crate::kit::{self, Center, Desk, FEATURE_CODE, PASSING, SITTERS, Undo, code, until};
use domain::OrderId;
use domain::review::RejectReason;
use ipc::{ContactView, KioskView};
use serde_json::Value;
use station::Filled;

const PHONE: &str = "13812341234";
const NOBODYS: &str = "15000000000";

fn now(desk: &Desk) -> KioskView {
    desk.kiosk_watch(None).unwrap()
}

fn enter(desk: &Desk, sitter: &str) {
    let payload = kit::collection_code(sitter);
    desk.kiosk_enter("graduate", std::str::from_utf8(&payload).unwrap(), None)
        .unwrap();
}

/// Somebody of this number was here with their code.
fn leave_number(desk: &Desk, sitter: &str) {
    enter(desk, sitter);
    let filled = Filled {
        phone: Some(PHONE),
        ..Filled::default()
    };
    desk.kiosk_fill(&filled).unwrap();
    desk.kiosk_leave().unwrap();
}

fn sent(center: &Center) -> Vec<Value> {
    let path = center.central.config().data_dir.join(central::sms::FILE);
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[test]
fn a_number_is_proved_and_opens_the_session_of_whoever_has_it() {
    let mut center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    leave_number(&desk, SITTERS[0]);
    let mine = now(&desk);
    assert!(mine.guest.is_none());

    assert_eq!(code(desk.kiosk_phone_code("graduate", "1381234")), "kiosk_no_phone");
    let asked = desk.kiosk_phone_code("graduate", "138 1234 1234").unwrap();
    assert_eq!(
        asked,
        desk.kiosk_phone_code("graduate", NOBODYS).unwrap(),
        "a number nobody has is answered alike"
    );
    assert_eq!(code(desk.kiosk_phone_code("graduate", PHONE)), "kiosk_code_too_soon");
    until("the code", || !sent(&center).is_empty());
    let lines = sent(&center);
    assert_eq!(lines.len(), 1);
    let said = lines[0]["code"].as_str().unwrap();
    assert_eq!(
        code(desk.kiosk_phone_enter("graduate", PHONE, &wrong(said))),
        "kiosk_wrong_code"
    );
    assert_eq!(
        code(desk.kiosk_phone_enter("graduate", NOBODYS, said)),
        "kiosk_wrong_code"
    );
    assert!(now(&desk).guest.is_none());
    assert!(desk.kiosk_phone_enter("graduate", PHONE, said).unwrap().is_empty());
    let guest = now(&desk).guest.unwrap();
    assert_eq!(guest.person.phone_masked.as_deref(), Some("138****1234"));
    desk.kiosk_leave().unwrap();
    assert_eq!(
        code(desk.kiosk_phone_enter("graduate", PHONE, said)),
        "kiosk_wrong_code",
        "used"
    );

    // Without the center there is no code, and the collection code opens all the same.
    center.go_away();
    assert_eq!(code(desk.kiosk_phone_code("graduate", PHONE)), "kiosk_offline");
    enter(&desk, SITTERS[0]);
    assert!(now(&desk).guest.is_some());
}

#[test]
fn several_of_one_number_say_who_they_are() {
    let center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    for sitter in [SITTERS[0], SITTERS[1]] {
        leave_number(&desk, sitter);
    }
    desk.kiosk_phone_code("graduate", PHONE).unwrap();
    until("the code", || !sent(&center).is_empty());
    let said = sent(&center)[0]["code"].as_str().unwrap().to_owned();
    let people = desk.kiosk_phone_enter("graduate", PHONE, &said).unwrap();
    assert_eq!(people.len(), 2);
    assert_ne!(people[0].code_short, people[1].code_short);
    assert!(now(&desk).guest.is_none(), "nobody is in before they say who they are");
    assert_eq!(code(desk.kiosk_choose(2)), "not_found");
    desk.kiosk_choose(1).unwrap();
    assert_eq!(now(&desk).guest.unwrap().person.code_short, people[1].code_short);
    desk.kiosk_leave().unwrap();
    assert_eq!(code(desk.kiosk_choose(0)), "kiosk_no_guest", "once");

    let desk = Desk::enrolled(&center, Undo::No);
    assert_eq!(
        code(desk.kiosk_choose(0)),
        "kiosk_no_guest",
        "nobody proved anything here"
    );
}

#[test]
fn being_told_by_short_message_is_allowed_at_the_kiosk() {
    let center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    enter(&desk, PASSING);
    let filled = Filled {
        phone: Some(PHONE),
        ..Filled::default()
    };
    desk.kiosk_fill(&filled).unwrap();
    let version = now(&desk).graduate.unwrap().consent_version;
    desk.kiosk_consent(&version, "zh-CN").unwrap();
    desk.kiosk_feature_code(FEATURE_CODE).unwrap();
    desk.kiosk_begin().unwrap();
    desk.show(PASSING);
    desk.kiosk_shoot().unwrap();
    assert_ne!(desk.wait_verdict(), "fail");
    assert_eq!(code(desk.kiosk_submit(Some("tlh"))), "bad_argument");
    let order: OrderId = desk.kiosk_submit(Some("en")).unwrap().parse().unwrap();
    desk.wait_acknowledged(order);
    let messages = center.central.order(&order).unwrap().row.messages.unwrap();
    assert_eq!(
        (
            messages.text_version.as_str(),
            messages.language.as_str(),
            messages.asked_by.as_str()
        ),
        ("messages-1", "en", "kiosk")
    );
    until("it is in review", || center.state(order) == "pending_review");
    center
        .central
        .reject("rev", &order, &[RejectReason::Eyes], None)
        .unwrap();
    assert!(sent(&center).is_empty(), "a reviewer may take it back still");
}

#[test]
fn the_first_page_shows_the_site_where_phones_can_get_there() {
    let center = Center::with("graduate");
    let desk = Desk::enrolled(&center, Undo::No);
    assert!(now(&desk).site.is_none(), "the center is this computer");
    let contact = |site: &str| ContactView {
        site: site.to_owned(),
        ..desk.contact().unwrap()
    };
    assert_eq!(
        code(desk.set_contact(&contact("http://example.org/my"))),
        "bad_argument"
    );
    desk.set_contact(&contact("https://photos.example.edu/my")).unwrap();
    let site = now(&desk).site.unwrap();
    assert_eq!(site.address, "https://photos.example.edu/my");
    assert_eq!(site.dark.len(), (site.modules * site.modules) as usize);
}
