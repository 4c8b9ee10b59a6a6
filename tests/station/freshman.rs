//! A freshman job: the roster comes as GBK text, people are found by pinyin and by digits, never picked by the machine.
use crate::kit::{self, Center, Desk, PASSING, SITTERS, Undo, code};
use ipc::RosterReport;
use station::RosterFile;
use station::session::Acceptance;

fn import(desk: &Desk, bytes: &[u8]) -> RosterReport {
    desk.import_roster(&RosterFile {
        name: "roster.csv",
        bytes,
        encoding: None,
        sheet: None,
        mapping: None,
    })
    .unwrap()
}

pub fn desk_with_roster(center: &Center) -> Desk {
    let desk = Desk::enrolled(center, Undo::No);
    let roster = std::fs::read(kit::repository("assets/demo/roster-gbk.csv")).unwrap();
    let report = import(&desk, &roster);
    assert_eq!((report.imported, report.refused), (30, 0), "{:?}", report.problems);
    let again = import(&desk, &roster);
    assert_eq!((again.imported, again.updated, again.unchanged), (0, 0, 30));
    desk
}

fn found(desk: &Desk, query: &str) -> Vec<String> {
    let people = desk.search(query, 10).unwrap();
    people.into_iter().filter_map(|p| p.student_number).collect()
}

#[test]
fn a_freshman_is_found_chosen_and_photographed() {
    let center = Center::with("freshman");
    let desk = desk_with_roster(&center);
    assert_eq!(desk.snapshot().status.campaign.unwrap().roster_size, Some(30));
    for query in ["jyf", "jiangyifan", "江一帆", "9011", "2026010001"] {
        assert_eq!(found(&desk, query), ["2026010001"], "{query}");
    }
    let person = desk.search("jyf", 10).unwrap().remove(0);
    assert_ne!(person.name.as_deref(), Some("江一帆"), "masked until it is asked for");
    desk.choose(&person.key).unwrap();
    assert_eq!(desk.seat().person.student_number.as_deref(), Some("2026010001"));
    assert_eq!(desk.shoot_and_wait(PASSING), "pass");
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_acknowledged(order);
    assert_eq!(desk.reveal(&order.to_string()).unwrap().name.as_deref(), Some("江一帆"));
    assert_eq!(
        center.central.order(&order).unwrap().row.order.person.text(),
        person.key
    );
    let next: Vec<_> = desk
        .view()
        .running_order
        .into_iter()
        .filter_map(|p| p.student_number)
        .collect();
    assert_eq!(next[0], "2026010002", "who was collected is out of the running order");
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn of_two_people_with_one_name_the_operator_picks() {
    let center = Center::with("freshman");
    let desk = desk_with_roster(&center);
    import(&desk, "学号,姓名,班级\n2026010099,江一帆,中文2601\n".as_bytes());
    let both = desk.search("jyf", 10).unwrap();
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|p| p.namesake), "each card warns of the other");
    assert_eq!(
        code(desk.scan("江一帆".as_bytes())),
        "not_on_roster",
        "a name is nobody's number"
    );
    assert!(desk.view().current.is_none());
    desk.scan(b"2026010099").unwrap();
    let seat = desk.seat().person;
    assert_eq!(
        (seat.student_number.as_deref(), seat.namesake),
        (Some("2026010099"), true)
    );
}

#[test]
fn someone_who_is_not_on_the_roster_gets_a_temporary_entry() {
    let center = Center::with("freshman");
    let desk = desk_with_roster(&center);
    assert_eq!(code(desk.scan(b"2026019999")), "not_on_roster");
    assert_eq!(code(desk.scan(&[0xff, 0xfe, 0x00])), "not_on_roster");
    assert_eq!(code(desk.add_temporary("  ", "")), "bad_argument");
    desk.add_temporary("新同学", "补录").unwrap();
    assert!(desk.seat().person.temporary);
    desk.shoot_and_wait(SITTERS[0]);
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_acknowledged(order);
    let person = center.central.order(&order).unwrap().row.order.person.text();
    assert!(person.starts_with("temporary:"), "{person}");
    assert_eq!(
        kit::sha256(&center.central.photo(&order).unwrap()),
        kit::frame_hash(SITTERS[0])
    );
    center.assert_holds();
}

/// The school's sheet is taken in at the center; the desk knows who is coming without a file of its own.
#[test]
fn the_roster_comes_from_the_center_and_follows_it() {
    let center = Center::with("freshman");
    let desk = Desk::enrolled(&center, Undo::No);
    let campaign = kit::campaign("freshman").id.parse().unwrap();
    let text = std::fs::read(kit::repository("assets/demo/roster-gbk.csv")).unwrap();
    let take = |bytes: &[u8], missing| {
        let options = roster::Options::default();
        let sheet = central::Sheet {
            name: "roster.csv",
            bytes,
            options: &options,
        };
        center
            .central
            .import_roster("admin", &campaign, sheet, missing)
            .unwrap()
    };
    let size = || desk.snapshot().status.campaign.unwrap().roster_size;
    assert_eq!(take(&text, central::Missing::Stay).added, 30);
    kit::until("the roster is here", || size() == Some(30));
    assert_eq!(found(&desk, "jyf"), ["2026010001"]);
    let person = desk.search("jyf", 10).unwrap().remove(0);
    desk.choose(&person.key).unwrap();
    assert_eq!(desk.shoot_and_wait(PASSING), "pass");
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_acknowledged(order);

    // A new sheet without the first two: one of them has a photo and stays here.
    let lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    let shorter = [&lines[..1], &lines[3..]].concat().join(&b'\n');
    assert_eq!(take(&shorter, central::Missing::Go).gone, 2);
    kit::until("who was taken off is gone", || size() == Some(29));
    assert!(found(&desk, "2026010002").is_empty());
    assert_eq!(
        found(&desk, "2026010001"),
        ["2026010001"],
        "a photographed person stays"
    );
    desk.assert_holds();
    center.assert_holds();
}
