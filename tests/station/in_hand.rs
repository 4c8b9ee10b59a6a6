//! A code in the sitter's hand, before the live camera of the desk: it opens their slot. A poster, or the code they paid their lunch with, opens
//! none. And a burst is chosen from the frames around the release, of the same sitter.
use crate::kit::{self, SITTERS, code, frames, repository, sha256, until};
use fast_qr::qr::QRBuilder;
use photo::{Limits, Picture, Scale};
use station::session::Acceptance;
use station::{CameraUse, Opening, Station};
use std::path::Path;

/// Writes a sitter's frame with a QR code held up beside the head, as a picture of the replay camera.
fn holding(folder: &Path, name: &str, sitter: &str, payload: &[u8]) {
    const MODULE_PX: u32 = 7;
    const QUIET: u32 = 4;
    let qr = QRBuilder::new(payload.to_vec()).build().unwrap();
    let modules = u32::try_from(qr.size).unwrap();
    let side = (modules + 2 * QUIET) * MODULE_PX;
    let jpeg = std::fs::read(frames().join(format!("{sitter}.jpg"))).unwrap();
    let portrait = photo::decode(&jpeg, Scale::Full, &Limits::default()).unwrap().picture;
    let size = portrait.size();
    let (left, top) = (40, size.height - side - 40);
    let held = Picture::from_fn(size, |x, y| {
        let inside = x >= left && x < left + side && y >= top && y < top + side;
        if !inside {
            return portrait.pixel(x, y);
        }
        let module = |v: u32| (v / MODULE_PX).checked_sub(QUIET).filter(|m| *m < modules);
        let dark = module(x - left)
            .zip(module(y - top))
            .is_some_and(|(column, row)| qr[row as usize][column as usize].value());
        let v = if dark { 20 } else { 240 };
        domain::Rgb { r: v, g: v, b: v }
    });
    let jpeg = photo::encode_jpeg(&held.unwrap(), 92, 300).unwrap();
    std::fs::write(folder.join(format!("{name}.jpg")), jpeg).unwrap();
}

/// A desk at work, with its live view looked at, that knows the graduates' campaign.
fn live(data: &Path, pictures: &Path) -> Station {
    let opening = Opening {
        camera: CameraUse::Live,
        rules: station::session::Rules {
            accept_after_ms: None,
            ..Default::default()
        },
        ..Opening::new(data.to_owned(), Some(pictures.to_owned()))
    };
    let station = Station::open(opening).unwrap();
    kit::on_replay(&station);
    let text = std::fs::read_to_string(repository("assets/demo/campaign-graduate.toml")).unwrap();
    station.import_campaign(&text).unwrap();
    station.enter_feature_code(kit::FEATURE_CODE).unwrap();
    station
}

fn told(station: &Station, code: &str) -> usize {
    let notices = station.snapshot().desk.notices;
    notices.iter().filter(|n| n.code == code).count()
}

fn seated(station: &Station) -> Option<String> {
    station.snapshot().desk.current.map(|s| s.person.key)
}

#[test]
fn the_code_in_the_sitters_hand_opens_their_slot_and_no_other_code_does() {
    let (data, pictures) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let payload = kit::collection_code(SITTERS[4]);
    let at = pictures.path();
    std::fs::copy(frames().join(format!("{}.jpg", SITTERS[4])), at.join("a-plain.jpg")).unwrap();
    holding(at, "b-poster", SITTERS[4], b"https://school.example/news?id=1");
    holding(at, "c-paying", SITTERS[4], b"wxp://f2f0ABCDEFGHIJKLMNOP");
    holding(at, "d-in-hand", SITTERS[4], &payload);
    holding(at, "e-odd", SITTERS[4], b"\xe5\xbc\xa0 1:2");
    let station = live(data.path(), at);
    let show = |name: &str| station.replay(&format!("show {name}")).unwrap();

    show("b-poster");
    until("the poster was seen", || told(&station, "code_by_gun") == 1);
    show("c-paying");
    until("the payment code was seen", || told(&station, "code_of_other_use") == 1);
    assert_eq!(seated(&station), None, "nobody is seated by what they pay with");
    assert_eq!(code(station.scan(b"wxp://f2f0ABCDEFGHIJKLMNOP")), "code_of_other_use");
    assert_eq!(station.snapshot().desk.on_deck.len(), 0);

    show("d-in-hand");
    until("the slot is open", || seated(&station).is_some());
    assert_eq!(seated(&station), Some(format!("code:{}", sha256(&payload))));
    show("a-plain");
    station.shoot().unwrap();
    until("a verdict", || {
        station.snapshot().desk.current.is_some_and(|s| s.stage == "verdict")
    });
    let order = station.accept(Acceptance::Passed).unwrap();
    let detail = station.order(&order.to_string()).unwrap();
    assert_eq!(detail.photo_sha256, kit::frame_hash(SITTERS[4]));

    // The gun has shown what the codes of this job look like: whatever looks otherwise waits for the gun.
    for sitter in &SITTERS[..3] {
        station.scan(&kit::collection_code(sitter)).unwrap();
        station.undo().unwrap();
    }
    show("e-odd");
    until("it was seen", || told(&station, "code_by_gun") == 2);
    assert_eq!(seated(&station), None);
    station.scan("张 1:2".as_bytes()).unwrap();
    assert!(seated(&station).is_some(), "who scans it means it");
    assert_eq!(told(&station, "code_odd"), 1);
    assert_eq!(station.verify().unwrap(), Vec::<String>::new());
}

/// A burst of six: the frames from before the release are of the same sitter and are kept.
#[test]
fn a_burst_is_taken_around_the_release() {
    let (data, pictures) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = pictures.path();
    std::fs::copy(frames().join(format!("{}.jpg", SITTERS[4])), at.join("a-plain.jpg")).unwrap();
    let station = live(data.path(), at);
    let preferences = ipc::Preferences {
        burst: 6,
        ..station.preferences().unwrap()
    };
    station.set_preferences(preferences).unwrap();
    station.scan(&kit::collection_code(SITTERS[4])).unwrap();
    until("the sitter is ready", || station.snapshot().desk.live.ready);
    station.shoot().unwrap();
    until("a verdict", || {
        station.snapshot().desk.current.is_some_and(|s| s.stage == "verdict")
    });
    let order = station.accept(Acceptance::Passed).unwrap();
    let shown = station.order(&order.to_string()).unwrap();
    assert_eq!(shown.photo_sha256, kit::frame_hash(SITTERS[4]));
    let counts = || station.end_of_day().unwrap().counts;
    until("all are kept", || counts().pictures == counts().releases);
    let counts = counts();
    assert!((2..=6).contains(&counts.pictures), "{}", counts.pictures);
    assert_eq!((counts.accepted, counts.retaken), (1, counts.pictures - 1));
    assert_eq!(station.verify().unwrap(), Vec::<String>::new());
}
