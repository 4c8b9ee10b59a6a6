//! Delivery packages from the station: the approved photos under the receiver's names, everybody else on a list.
use crate::freshman::desk_with_roster;
use crate::kit::{self, Center, Desk, PASSING, SITTERS, Undo, code};
use delivery::{Receipt, verify};
use domain::OrderId;
use domain::review::RejectReason;
use ed25519_dalek::VerifyingKey;
use station::session::Acceptance;
use station::{DeliveryReport, DeliveryWish, Trouble, delivery_profile};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

fn export(desk: &Desk, name: &str, profile: Option<&str>, unreviewed: bool) -> Result<DeliveryReport, Trouble> {
    let profile = profile.map(|p| delivery_profile(p).unwrap());
    let wish = DeliveryWish {
        path: &desk.path().join(name),
        profile: profile.as_ref(),
        unreviewed,
    };
    desk.export_delivery(&wish, &mut |_, _| {})
}

fn take(desk: &Desk, student: &str, sitter: &str) -> OrderId {
    let person = desk.search(student, 10).unwrap().remove(0);
    desk.choose(&person.key).unwrap();
    assert_ne!(desk.shoot_and_wait(sitter), "fail", "{sitter}");
    let order = desk.accept(Acceptance::Passed).unwrap();
    desk.wait_state(order, "pending_review");
    order
}

fn names(path: &Path) -> BTreeSet<String> {
    let zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    zip.file_names().map(|n| n.unwrap().into_owned()).collect()
}

fn member(path: &Path, name: &str) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn json(path: &Path, name: &str) -> Vec<serde_json::Value> {
    let list: serde_json::Value = serde_json::from_slice(&member(path, name)).unwrap();
    list["rows"].as_array().unwrap().clone()
}

/// Signed by the key the receipt names, and nothing changed since.
fn checked(paths: &[PathBuf]) -> Receipt {
    let open = || paths.iter().map(|p| File::open(p).unwrap()).collect::<Vec<_>>();
    let with_receipt = paths.last().unwrap();
    let receipt: Receipt = serde_json::from_slice(&member(with_receipt, "receipt.json")).unwrap();
    let key = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, &receipt.public_key).unwrap();
    let key = VerifyingKey::from_bytes(key.as_slice().try_into().unwrap()).unwrap();
    verify(open(), &key).unwrap()
}

#[test]
fn approved_photos_are_handed_over_and_everybody_else_is_listed() {
    let center = Center::with("freshman");
    let desk = desk_with_roster(&center);
    assert_eq!(code(export(&desk, "none.zip", None, false)), "nothing_to_deliver");
    let approved = take(&desk, "2026010001", PASSING);
    let rejected = take(&desk, "2026010002", SITTERS[0]);
    let waiting = take(&desk, "2026010003", SITTERS[1]);
    assert_eq!(code(export(&desk, "none.zip", None, false)), "nothing_to_deliver");
    center.central.approve("reviewer", &approved).unwrap();
    let reasons = [RejectReason::Covering, RejectReason::Light];
    center.central.reject("reviewer", &rejected, &reasons, None).unwrap();
    desk.wait_state(approved, "pending_production");
    desk.wait_state(rejected, "rejected");

    let report = export(&desk, "class.zip", None, false).unwrap();
    assert_eq!(
        (report.pictures, report.unmatched, report.rejected, report.absent),
        (1, 0, 1, 28)
    );
    let zip = desk.path().join("class.zip");
    assert_eq!(zip.metadata().unwrap().len(), report.bytes);
    let receipt = checked(std::slice::from_ref(&zip));
    assert_eq!((receipt.body.pictures, receipt.body.absent), (1, 28));
    let images: Vec<_> = names(&zip).into_iter().filter(|n| n.starts_with("images/")).collect();
    assert_eq!(images.len(), 1);
    assert!(images[0].ends_with("/2026010001.jpg"), "{images:?}");
    let finished = desk.picture(&format!("order/{approved}"), "size=finished").bytes;
    assert!(
        member(&zip, &images[0]) == finished,
        "the picture is the finished one, byte for byte"
    );
    let row = &json(&zip, "rejected.json")[0];
    assert_eq!(row["student_number"], "2026010002");
    assert_eq!(row["reason"], "covering light");
    let absent = json(&zip, "absent.json");
    let why = |number: &str| absent.iter().find(|r| r["student_number"] == number).unwrap()["reason"].clone();
    assert_eq!(why("2026010003"), "pending_review");
    assert_eq!(why("2026010004"), "no_photo");

    assert_eq!(code(export(&desk, "class.zip", None, false)), "file_exists");
    assert!(!desk.path().join("class.zip.part").exists());
    let early = export(&desk, "early.zip", Some("pictures-only"), true).unwrap();
    assert_eq!((early.pictures, early.absent), (2, 27), "{waiting} awaits review");
    let papers = early.papers.clone().unwrap();
    assert_eq!(papers, desk.path().join("early-papers.zip"));
    assert!(
        names(&early.file)
            .iter()
            .all(|n| n.ends_with(".jpg") && !n.contains('/'))
    );
    checked(&[early.file.clone(), papers.clone()]);
    assert_eq!(
        early.bytes,
        early.file.metadata().unwrap().len() + papers.metadata().unwrap().len()
    );
    desk.assert_holds();
}

#[test]
fn a_blind_job_names_pictures_by_the_hash_of_the_code() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let order = desk.collect(PASSING);
    desk.wait_acknowledged(order);
    center.central.approve("reviewer", &order).unwrap();
    desk.wait_state(order, "pending_production");
    export(&desk, "blind.zip", None, false).unwrap();
    let zip = desk.path().join("blind.zip");
    let hash = kit::sha256(&kit::collection_code(PASSING));
    assert!(names(&zip).contains(&format!("images/{hash}.jpg")), "{:?}", names(&zip));
    checked(&[zip]);
}

#[test]
fn a_package_that_cannot_be_made_leaves_nothing() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.wait_state(desk.collect(PASSING), "pending_review");
    assert_eq!(code(export(&desk, "missing/day.zip", None, true)), "file_write");
    assert_eq!(code(delivery_profile("no-such-profile").map(drop)), "delivery_profile");
    let broken = desk.path().join("broken.toml");
    std::fs::write(&broken, "id = \"x\"").unwrap();
    assert_eq!(
        code(delivery_profile(broken.to_str().unwrap()).map(drop)),
        "delivery_profile"
    );
    // Nobody's ID number is known in a blind job: a profile that names by it gets no picture, and says whose are left out.
    let report = export(&desk, "by-id.zip", Some("pictures-only"), true).unwrap();
    assert_eq!((report.pictures, report.unmatched), (0, 1));
    let papers = report.papers.unwrap();
    assert_eq!(json(&papers, "unmatched.json")[0]["reason"], "no_id_number");
}
