//! Days without a network: the bundle on the stick, the center's answer, and the network afterwards.
use crate::kit::{Center, Desk, SCHOOL, SITTERS, Undo, code, frame_hash, sha256, until};
use central::{CentralError, OrderFilter, SchoolCode, Strangers};
use station::{BundleReport, TakenReport};
use std::path::PathBuf;
use wire::op::OpStatus;

fn file(desk: &Desk, name: &str) -> PathBuf {
    desk.path().join(name)
}

fn export(desk: &Desk, name: &str, to: Option<&str>) -> (BundleReport, Vec<u8>) {
    let path = file(desk, name);
    let report = desk.export_bundle(&path, to, &mut |_, _| {}).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes.len() as u64, report.bytes);
    (report, bytes)
}

/// A graduate desk that knows its center and cannot reach it.
fn cut_off() -> (Center, Desk) {
    let mut center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    until("the first contact", || desk.queue().online);
    center.go_away();
    (center, desk)
}

#[test]
fn a_day_goes_to_the_center_on_a_stick_and_counts_once() {
    let (mut center, desk) = cut_off();
    let orders: Vec<_> = SITTERS[..3].iter().map(|s| (*s, desk.collect(s))).collect();

    let (report, bytes) = export(&desk, "day.xybundle", None);
    assert_eq!((report.changes, report.photos), (3, 3));
    assert!(!file(&desk, "day.xybundle.part").exists());
    // Only the center can read it: neither a name nor the head of a JPEG shows.
    assert!(!bytes.windows(4).any(|w| w == [0xff, 0xd8, 0xff, 0xe0]));
    let again = desk.export_bundle(&file(&desk, "day.xybundle"), None, &mut |_, _| {});
    assert_eq!(code(again), "file_exists");

    let first = center.central.import_bundle(&bytes[..], &Strangers::Refused).unwrap();
    assert_eq!((first.photos_stored, first.photos_already), (3, 0));
    assert!(first.results.iter().all(|r| r.status == OpStatus::Applied));
    let second = center.central.import_bundle(&bytes[..], &Strangers::Refused).unwrap();
    assert_eq!((second.photos_stored, second.photos_already), (0, 3));
    assert_eq!((&second.results, &second.receipts), (&first.results, &first.receipts));
    assert_eq!(center.central.orders(&OrderFilter::default()).unwrap().len(), 3);

    let answer = serde_json::to_vec(&first).unwrap();
    for _ in 0..2 {
        let taken = desk.take_bundle_answer(&answer).unwrap();
        assert_eq!(
            taken,
            TakenReport {
                acknowledged: 3,
                quarantined: 0,
                waiting: 0
            }
        );
    }
    let view = desk.sync_view().unwrap();
    assert_eq!((view.queue.waiting, view.photos_safe, view.photos_total), (0, 3, 3));
    let nothing = desk.export_bundle(&file(&desk, "more.xybundle"), None, &mut |_, _| {});
    assert_eq!(code(nothing), "nothing_to_export");

    // The network comes back with one more order: everything is there once.
    let last = (SITTERS[3], desk.collect(SITTERS[3]));
    center.come_back();
    desk.sync_now().unwrap();
    desk.wait_acknowledged(last.1);
    assert_eq!(center.central.orders(&OrderFilter::default()).unwrap().len(), 4);
    for (sitter, order) in orders.into_iter().chain([last]) {
        assert_eq!(sha256(&center.central.photo(&order).unwrap()), frame_hash(sitter));
        assert!(desk.detail(order).receipt.is_some());
    }
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn the_same_day_by_stick_and_by_network_counts_once() {
    let (mut center, desk) = cut_off();
    let order = desk.collect(SITTERS[0]);
    let (_, bytes) = export(&desk, "day.xybundle", None);
    center.come_back();
    desk.sync_now().unwrap();
    desk.wait_acknowledged(order);
    let answer = center.central.import_bundle(&bytes[..], &Strangers::Refused).unwrap();
    assert_eq!(
        (answer.photos_already, answer.results[0].status),
        (1, OpStatus::Applied)
    );
    assert_eq!(center.central.orders(&OrderFilter::default()).unwrap().len(), 1);
    let taken = desk.take_bundle_answer(&serde_json::to_vec(&answer).unwrap()).unwrap();
    assert_eq!(taken.acknowledged, 1);
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn a_station_that_never_met_the_center_hands_its_day_over() {
    let center = Center::with("graduate");
    let desk = Desk::new(Undo::No);
    let campaign = std::fs::read_to_string(crate::kit::repository("assets/demo/campaign-graduate.toml")).unwrap();
    desk.import_campaign(&campaign).unwrap();
    desk.enter_feature_code(crate::kit::FEATURE_CODE).unwrap();
    let order = desk.collect(SITTERS[1]);
    let missing = desk.export_bundle(&file(&desk, "day.xybundle"), None, &mut |_, _| {});
    assert_eq!(code(missing), "no_sealing_key");
    let wrong = desk.export_bundle(&file(&desk, "day.xybundle"), Some("age1wrong"), &mut |_, _| {});
    assert_eq!(code(wrong), "no_sealing_key");

    let (report, bytes) = export(&desk, "day.xybundle", Some(&center.central.sealing_key()));
    assert_eq!((report.changes, report.photos), (1, 1));
    let stranger = center.central.import_bundle(&bytes[..], &Strangers::Refused);
    assert!(matches!(stranger, Err(CentralError::Bundle { .. })), "{stranger:?}");
    assert!(center.central.orders(&OrderFilter::default()).unwrap().is_empty());

    let welcome = Strangers::Welcome {
        school: SchoolCode::parse(SCHOOL).unwrap(),
        admin: "ann".to_owned(),
    };
    let answer = center.central.import_bundle(&bytes[..], &welcome).unwrap();
    assert_eq!(answer.results[0].status, OpStatus::Applied);
    let again = center.central.import_bundle(&bytes[..], &welcome).unwrap();
    assert_eq!(
        (&again.station_id, &again.results),
        (&answer.station_id, &answer.results)
    );
    assert_eq!(sha256(&center.central.photo(&order).unwrap()), frame_hash(SITTERS[1]));
    // Without a center of its own it cannot tell whose signature that is.
    let bytes = serde_json::to_vec(&answer).unwrap();
    assert_eq!(code(desk.take_bundle_answer(&bytes)), "not_enrolled");

    // Enrolled later, it is the station the center took in, and nothing is doubled.
    let invitation = center.central.enrol_code(SCHOOL).unwrap();
    desk.enrol(&center.url(), &invitation.code).unwrap();
    assert_eq!(desk.sync_view().unwrap().station_id, Some(answer.station_id));
    desk.wait_acknowledged(order);
    assert_eq!(center.central.stations().unwrap().len(), 1);
    assert_eq!(center.central.orders(&OrderFilter::default()).unwrap().len(), 1);
    desk.assert_holds();
    center.assert_holds();
}

#[test]
fn what_can_still_be_taken_back_stays_out() {
    let mut center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::Long);
    center.go_away();
    desk.collect(SITTERS[0]);
    let nothing = desk.export_bundle(&file(&desk, "day.xybundle"), None, &mut |_, _| {});
    assert_eq!(code(nothing), "nothing_to_export");
    desk.undo().unwrap();
    assert_eq!(desk.queue().waiting, 0);
    desk.assert_holds();
}

#[test]
fn a_false_answer_settles_nothing() {
    let (center, desk) = cut_off();
    let order = desk.collect(SITTERS[0]);
    let (_, bytes) = export(&desk, "day.xybundle", None);
    let answer = center.central.import_bundle(&bytes[..], &Strangers::Refused).unwrap();
    let given = |answer: &wire::import::ImportAnswer| desk.take_bundle_answer(&serde_json::to_vec(answer).unwrap());

    assert_eq!(code(desk.take_bundle_answer(b"{}")), "bundle_answer");
    let mut others = answer.clone();
    others.station_id = domain::OrderId(uuid::Uuid::nil()).to_string();
    assert_eq!(code(given(&others)), "bundle_answer");
    let mut forged = answer.clone();
    forged.receipts[0].at_ms += 1;
    assert_eq!(code(given(&forged)), "bundle_answer");
    // Said, but not signed for.
    let mut unsigned = answer.clone();
    unsigned.receipts.clear();
    assert_eq!(given(&unsigned).unwrap().acknowledged, 0);
    assert_eq!(desk.detail(order).row.delivery, "sent");
    assert_eq!(given(&answer).unwrap().acknowledged, 1);
    desk.assert_holds();
}
