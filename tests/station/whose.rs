//! Pictures come late, too many, or while nobody waits for them: none is lost, and none goes to the next person.
use crate::kit::{self, Center, Desk, SITTERS, Undo, frame_hash, frames, until};
use station::session::Acceptance;
use std::path::Path;
use std::time::{Duration, Instant};

/// A JPEG with the time of its camera in it, in front of everything else (CIPA DC-008): `second` and `hundredth` of a minute of June 2027.
fn stamped(jpeg: &[u8], second: u32, hundredth: u32) -> Vec<u8> {
    let taken = format!("2027:06:01 08:{:02}:{:02}\0", 30 + second / 60, second % 60);
    let fraction = format!("{hundredth:02}\0");
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        let head = [tag.to_be_bytes(), kind.to_be_bytes()].concat();
        [head, count.to_be_bytes().to_vec(), value.to_vec()].concat()
    };
    // Header 8, directory 2 + 12 + 4, then the EXIF directory at 26: 2 + 24 + 4, and the time behind it at 56.
    let tiff = [
        b"MM\0*\0\0\0\x08\0\x01".to_vec(),
        entry(0x8769, 4, 1, 26_u32.to_be_bytes()),
        vec![0; 4],
        vec![0, 2],
        entry(0x9003, 2, 20, 56_u32.to_be_bytes()),
        entry(0x9291, 2, 3, [fraction.as_bytes(), &[0]].concat().try_into().unwrap()),
        vec![0; 4],
        taken.into_bytes(),
    ]
    .concat();
    let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
    let segment = [b"\xff\xe1".as_slice(), &length, b"Exif\0\0", &tiff].concat();
    [&jpeg[..2], &segment, &jpeg[2..]].concat()
}

fn frame(sitter: &str) -> Vec<u8> {
    std::fs::read(frames().join(format!("{sitter}.jpg"))).unwrap()
}

/// A camera whose program writes into the folder.
struct Camera<'a> {
    folder: &'a Path,
    on: Instant,
    written: u32,
}

impl Camera<'_> {
    /// What the camera's clock shows, in hundredths of a second.
    fn clock(&self) -> u32 {
        u32::try_from(self.on.elapsed().as_millis() / 10).unwrap()
    }

    /// A picture taken then comes in now; its bytes.
    fn delivers(&mut self, sitter: &str, taken: u32) -> Vec<u8> {
        let jpeg = stamped(&frame(sitter), taken / 100, taken % 100);
        self.written += 1;
        std::fs::write(self.folder.join(format!("DSC_{:04}.JPG", self.written)), &jpeg).unwrap();
        jpeg
    }
}

fn wait(ms: u64) {
    std::thread::park_timeout(Duration::from_millis(ms));
}

fn notices(desk: &Desk, code: &str) -> usize {
    desk.view().notices.iter().filter(|n| n.code == code).count()
}

fn watching(desk: &Desk) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    desk.watch_folder(Some(&folder.path().to_string_lossy()), false)
        .unwrap();
    until("the folder is watched", || {
        desk.snapshot().status.folder.is_some_and(|f| f.is_there)
    });
    folder
}

/// Somebody is photographed in a burst, leaves, and the next person sits; the rest of the burst trickles in. (They were collected before and
/// nobody has confirmed them, so that no check takes its time in between.)
#[test]
fn the_rest_of_a_burst_stays_with_its_sitter() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.collect(SITTERS[4]);
    let folder = watching(&desk);
    let mut camera = Camera {
        folder: folder.path(),
        on: Instant::now(),
        written: 0,
    };
    // Test shots, while nobody sits.
    for nth in 1..=3 {
        let taken = camera.clock();
        camera.delivers(SITTERS[nth - 1], taken);
        until("it lies in the tray", || desk.view().orphans as usize == nth);
    }
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    wait(1800);
    let burst = camera.clock();
    camera.delivers(SITTERS[4], burst);
    until("it is theirs", || notices(&desk, "picture_not_confirmed") == 1);
    let owner = desk.view().filmstrip[0].person.clone();
    assert!(owner.is_some());
    // The burst goes on for a moment, and they leave.
    wait(500);
    desk.skip().unwrap();

    desk.scan(&kit::collection_code(SITTERS[2])).unwrap();
    // Longer than one picture takes: by its seeing alone it would be the next person's.
    wait(1800);
    camera.delivers(kit::PASSING_AGAIN, burst + 20);
    until("it is kept", || notices(&desk, "picture_late") == 1);
    assert_eq!((desk.seat().stage.as_str(), desk.seat().shots), ("ready", 0));
    let late = desk.view().filmstrip[0].clone();
    assert_eq!(
        (late.fate.as_str(), late.person),
        ("retaken", owner),
        "it bears the name of its sitter"
    );
    // Without a time in it nobody can say, and so nobody is given it.
    std::fs::write(folder.path().join("plain.jpg"), frame(SITTERS[3])).unwrap();
    until("it lies in the tray", || desk.view().orphans == 4);
    assert_eq!(notices(&desk, "orphan_picture"), 1);
    assert_eq!((desk.seat().stage.as_str(), desk.seat().shots), ("ready", 0));

    let taken = camera.clock();
    let own = camera.delivers(SITTERS[2], taken);
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, kit::sha256(&own));
    desk.assert_holds();
}

/// Six pictures in a slot of five, none of which the photographer waited for.
#[test]
fn a_picture_too_many_destroys_none() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let folder = watching(&desk);
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    wait(1800);
    let mut judged = String::new();
    for nth in 1..=5_u32 {
        let (sitter, name) = (SITTERS[nth as usize - 1], format!("{nth}.jpg"));
        std::fs::write(folder.path().join(name), frame(sitter)).unwrap();
        until("it is judged", || {
            desk.seat().shots == nth && desk.seat().stage == "verdict"
        });
        judged = desk.seat().verdict.unwrap().shot_id;
    }
    std::fs::write(folder.path().join("6.jpg"), frame(kit::PASSING_AGAIN)).unwrap();
    until("the operator is told", || notices(&desk, "picture_over_limit") == 1);
    assert_eq!(desk.seat().verdict.unwrap().shot_id, judged, "the one before stands");
    // All five others can be used instead, the one too many as well, and the one before again.
    let view = desk.view();
    let sixth = view.filmstrip[0].id.clone();
    assert_eq!((view.choosable.len(), view.choosable.contains(&sixth)), (5, true));
    desk.choose_shot(&sixth).unwrap();
    until("it is judged", || {
        desk.seat().verdict.is_some_and(|v| v.shot_id == sixth)
    });
    assert!(desk.view().choosable.contains(&judged));
    assert_eq!(kit::code(desk.choose_shot(&sixth)), "not_found");
    desk.choose_shot(&judged).unwrap();
    until("it is judged", || {
        desk.seat().verdict.is_some_and(|v| v.shot_id == judged)
    });
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(SITTERS[4]));
    assert_eq!(kit::code(desk.choose_shot(&sixth)), "nobody_sits", "their turn is over");
    assert!(desk.view().choosable.is_empty());
    let counts = desk.end_of_day().unwrap().counts;
    assert_eq!(
        (counts.pictures, counts.files, counts.accepted, counts.retaken),
        (6, 6, 1, 5)
    );

    // Collected before: nothing is checked before the operator has looked twice, and nothing is lost.
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    assert_eq!(desk.seat().stage, "confirm");
    // Its time says that it was taken in the last five seconds, all of which they sat.
    wait(5200);
    std::fs::write(folder.path().join("7.jpg"), stamped(&frame(SITTERS[1]), 7, 0)).unwrap();
    until("the operator is told", || notices(&desk, "picture_not_confirmed") == 1);
    assert_eq!((desk.seat().stage.as_str(), desk.seat().shots), ("confirm", 0));
    assert_eq!(desk.end_of_day().unwrap().counts.pictures, 7);
    // One that never becomes whole is not forgotten.
    std::fs::write(folder.path().join("9.jpg"), &frame(SITTERS[2])[..5000]).unwrap();
    until("the sheet says so", || {
        let checks = desk.end_of_day().unwrap().checks;
        checks.iter().any(|c| c.what == "folder" && !c.holds && c.left == 1)
    });
    desk.assert_holds();
}

/// The operator takes up another campaign while a picture is on its way.
#[test]
fn a_picture_on_its_way_through_a_change_of_campaign_is_nobodys() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let folder = watching(&desk);
    let freshmen = std::fs::read_to_string(kit::repository("assets/demo/campaign-freshman.toml")).unwrap();
    let other = desk.import_campaign(&freshmen).unwrap();
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    wait(1800);
    desk.choose_campaign(&other.id.to_string()).unwrap();
    std::fs::write(folder.path().join("1.jpg"), frame(SITTERS[4])).unwrap();
    until("it lies in the tray", || desk.view().orphans == 1);
    assert!(desk.view().filmstrip.iter().all(|s| s.person.is_none()));
    desk.assert_holds();
}

/// Whoever wants to press a key for each photo has said so for good.
#[test]
fn auto_accept_stays_off_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let open = || {
        let opening = station::Opening {
            camera: station::CameraUse::ShotsOnly,
            ..station::Opening::new(folder.path().to_owned(), Some(frames().to_owned()))
        };
        station::Station::open(opening).unwrap()
    };
    let takes_by_itself = |station: &station::Station| {
        kit::on_replay(station);
        station.replay(&format!("show {}", kit::PASSING)).unwrap();
        station.scan(&kit::collection_code(kit::PASSING)).unwrap();
        station.shoot().unwrap();
        let mut taken = None;
        until("it is judged, or taken", || {
            let waits = |s: &ipc::SlotView| s.stage == "verdict" && s.accepts_in_ms.is_none();
            let seat = station.snapshot().desk.current;
            taken = match station.orders(None, None, 0, 10).unwrap().total {
                0 => seat.filter(waits).map(|_| false),
                _ => Some(true),
            };
            taken.is_some()
        });
        if taken == Some(false) {
            station.skip().unwrap();
        }
        taken.unwrap()
    };
    let set = |station: &station::Station, auto_accept| {
        let preferences = ipc::Preferences {
            auto_accept,
            ..station.preferences().unwrap()
        };
        station.set_preferences(preferences).unwrap();
    };
    let station = open();
    let text = std::fs::read_to_string(kit::repository("assets/demo/campaign-graduate.toml")).unwrap();
    station.import_campaign(&text).unwrap();
    station.enter_feature_code(kit::FEATURE_CODE).unwrap();
    set(&station, false);
    assert!(!takes_by_itself(&station));
    drop(station);
    let station = open();
    assert!(!takes_by_itself(&station), "still off");
    set(&station, true);
    assert!(takes_by_itself(&station));
}
