//! The day in numbers: every shutter accounted for, who is missing, and who did not come.
use crate::kit::{self, Center, Desk, LAUGHING, PASSING, SITTERS, Undo, until};
use station::RosterFile;
use station::session::Acceptance;

fn broken(desk: &Desk) -> Vec<String> {
    let checks = desk.end_of_day().unwrap().checks;
    checks.into_iter().filter(|c| !c.holds).map(|c| c.what).collect()
}

#[test]
fn a_day_is_counted_and_safe_to_leave_once_the_center_signed() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    assert!(desk.today().unwrap().quarters.is_empty());

    desk.scan(&kit::collection_code(LAUGHING)).unwrap();
    assert_eq!(desk.shoot_and_wait(LAUGHING), "fail");
    desk.retake().unwrap();
    desk.skip().unwrap();
    desk.undo().ok();
    let order = desk.collect(PASSING);
    desk.show(SITTERS[0]);
    desk.shoot().unwrap();
    until("the orphan is there", || desk.view().orphans == 1);

    let today = desk.today().unwrap();
    assert_eq!((today.heads, today.shots), (1, 3));
    let taken: u32 = today.quarters.iter().map(|q| q.accepted + q.others).sum();
    assert_eq!(taken, 3, "each shot lies in one quarter");
    assert_eq!(today.positions.faces, 1);
    assert_eq!(today.positions.cells.iter().sum::<u32>(), 1);
    let mouth = today
        .defects
        .iter()
        .find(|d| d.reason == "MouthOpen" || d.reason == "NotNeutral");
    let reason = mouth.expect("the laugh is among the defects").reason.clone();
    let behind = desk.defect_shots(&reason).unwrap();
    assert!(behind.iter().any(|s| s.fate == "retaken"), "{behind:?}");

    desk.wait_acknowledged(order);
    assert_eq!(broken(&desk), ["tray"], "an orphan is somebody's photo");
    let orphan = desk.orphans().unwrap().remove(0);
    desk.discard_shot(&orphan.id).unwrap();
    assert_eq!(broken(&desk), Vec::<String>::new());
    until("everything is signed for", || desk.end_of_day().unwrap().safe_to_leave);
    let end = desk.end_of_day().unwrap();
    assert_eq!((end.counts.releases, end.counts.pictures, end.counts.files), (3, 3, 3));
    assert_eq!((end.photos_safe, end.photos_total), (1, 1));
    desk.assert_holds();
}

#[test]
fn who_is_missing_is_listed_by_class() {
    let center = Center::with("freshman");
    let desk = Desk::enrolled(&center, Undo::No);
    let bytes = std::fs::read(kit::repository("assets/demo/roster-gbk.csv")).unwrap();
    desk.import_roster(&RosterFile {
        name: "roster.csv",
        bytes: &bytes,
        encoding: None,
        sheet: None,
        mapping: None,
    })
    .unwrap();
    assert_eq!(desk.absent().unwrap().len(), 30);
    let person = desk.search("jyf", 1).unwrap().remove(0);
    desk.choose(&person.key).unwrap();
    assert_ne!(desk.shoot_and_wait(PASSING), "fail");
    desk.accept(Acceptance::Passed).unwrap();

    let end = desk.end_of_day().unwrap();
    assert_eq!(end.absent, 29);
    assert_eq!(end.classes.iter().map(|c| c.people).sum::<u32>(), 30);
    let absent = desk.absent().unwrap();
    assert_eq!(absent.len(), 29);
    assert!(absent.iter().all(|a| a.student_number.as_deref() != Some("2026010001")));
    assert!(
        absent.iter().all(|a| a.name.as_deref().is_none_or(|n| n.contains('*'))),
        "masked"
    );
}
