//! Pictures of a DSLR's program: each goes to who sat when it was taken, to the tray, and never to the next person.
use crate::kit::{self, Center, Desk, LAUGHING, SITTERS, Undo, frame_hash, frames, until};
use station::session::Acceptance;
use std::path::Path;
use std::time::Duration;

/// Longer than a picture may be on its way from the shutter into the folder.
const SEATED: Duration = Duration::from_millis(1700);

fn arrives(folder: &Path, sitter: &str, name: &str) {
    std::fs::copy(frames().join(format!("{sitter}.jpg")), folder.join(name)).unwrap();
}

#[test]
fn pictures_of_a_folder_find_their_sitter_and_are_left_where_they_are() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let folder = tempfile::tempdir().unwrap();
    arrives(folder.path(), LAUGHING, "of-yesterday.jpg");
    desk.watch_folder(Some(&folder.path().to_string_lossy()), false)
        .unwrap();

    // Nobody sits.
    arrives(folder.path(), SITTERS[0], "0001.jpg");
    until("it lies in the tray", || desk.view().orphans == 1);

    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    std::thread::park_timeout(SEATED);
    arrives(folder.path(), SITTERS[4], "0002.jpg");
    desk.wait_verdict();
    // Another shot of the same sitter before the answer takes its place.
    arrives(folder.path(), SITTERS[1], "0003.jpg");
    until("the second is judged", || {
        desk.seat().shots == 2 && desk.seat().stage == "verdict"
    });
    desk.retake().unwrap();
    std::fs::copy(folder.path().join("0002.jpg"), folder.path().join("copy.jpg")).unwrap();
    arrives(folder.path(), kit::PASSING_AGAIN, "0004.jpg");
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(kit::PASSING_AGAIN));

    // The next person has just sat down when a late picture of the one before comes in.
    desk.scan(&kit::collection_code(SITTERS[2])).unwrap();
    arrives(folder.path(), SITTERS[3], "0005.jpg");
    until("it lies in the tray", || desk.view().orphans == 2);
    assert_eq!((desk.seat().stage.as_str(), desk.seat().shots), ("ready", 0));

    // The folder is counted after its picture has found its place.
    until("all five are taken", || {
        let view = desk.snapshot().status.folder.unwrap();
        (view.taken, view.waiting, view.stuck) == (5, 0, 0)
    });
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 7);
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 1);
    desk.watch_folder(None, false).unwrap();
    assert!(desk.snapshot().status.folder.is_none());
    desk.assert_holds();
}

/// The countdown ends in a picture, a burst keeps every frame, and the set check answers.
#[test]
fn countdown_burst_and_set_check() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let preferences = ipc::Preferences {
        countdown_s: 1,
        burst: 3,
        auto_accept: false,
        ..desk.preferences().unwrap()
    };
    desk.set_preferences(preferences).unwrap();
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    desk.show(SITTERS[4]);
    desk.press().unwrap();
    assert!(desk.view().shutter_in_ms.is_some_and(|ms| ms <= 1000));
    assert_eq!(desk.seat().stage, "ready");
    // Again: it stops.
    desk.press().unwrap();
    assert_eq!(desk.view().shutter_in_ms, None);
    desk.press().unwrap();
    desk.wait_verdict();
    assert_eq!(desk.seat().shots, 1, "a burst counts once");
    desk.accept(Acceptance::Passed).unwrap();
    desk.assert_holds();

    let check = desk.set_check().unwrap();
    let of = |id: &str| check.items.iter().find(|i| i.id == id).unwrap().verdict.clone();
    assert_eq!(of("camera"), "pass");
    assert_eq!(of("backdrop_colour"), "not_measured", "somebody stands before it");
    assert!(!check.ready);
    assert_eq!(kit::code(desk.swap_camera()), "no_spare_camera");
}
