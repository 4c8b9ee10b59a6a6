//! Cameras as the settings show them: how each is, how the one in use stands, which one is the spare, and what is told of a loss.
use crate::kit::{self, Center, Desk, SITTERS, Undo, frames, until};
use ipc::{Call, CamerasView};

fn cameras(desk: &Desk) -> CamerasView {
    serde_json::from_value(desk.call(Call::Cameras).unwrap()).unwrap()
}

fn turn(desk: &Desk, turns: u8) -> Result<(), ipc::Fault> {
    desk.call(Call::TurnCamera { turns }).map(|_| ())
}

fn told(desk: &Desk, code: &str) -> usize {
    desk.view().notices.iter().filter(|n| n.code == code).count()
}

#[test]
fn a_camera_on_its_side_is_remembered_and_its_pictures_say_so() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let frame = std::fs::read(frames().join(format!("{}.jpg", SITTERS[4]))).unwrap();
    let shows = || {
        desk.show(SITTERS[4]);
        until("the camera shows the sitter", || {
            desk.picture("preview", "after=0").bytes == frame
        });
    };
    shows();
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();

    turn(&desk, 2).unwrap();
    assert_eq!(desk.snapshot().status.camera.turns, 2);
    let preview = desk.picture("preview", "after=0");
    let turns = preview.headers.iter().find(|(name, _)| *name == "X-Turns");
    assert_eq!(turns.map(|(_, value)| value.as_str()), Some("2"));
    assert!(preview.bytes == frame, "the preview's bytes are the camera's");
    desk.shoot().unwrap();
    desk.wait_verdict();
    let shot = desk.seat().verdict.unwrap().shot_id;
    let kept = desk.picture(&format!("shot/{shot}"), "size=full").bytes;
    assert_eq!(kept.len(), frame.len() + photo::MARK_BYTES);
    assert!(
        kept[2 + photo::MARK_BYTES..] == frame[2..],
        "the picture itself is the camera's"
    );
    let header = photo::inspect(&kept).unwrap();
    assert_eq!(header.orientation, photo::Orientation::Turned180);
    desk.retake().unwrap();

    // Another quarter is refused, and nothing changes.
    assert_eq!(turn(&desk, 4).unwrap_err().code, "bad_argument");
    // The same camera taken up anew stands as before.
    let id = cameras(&desk).cameras.iter().find(|c| c.chosen).unwrap().id.clone();
    desk.choose_camera(&id).unwrap();
    assert_eq!(desk.snapshot().status.camera.turns, 2);
    turn(&desk, 0).unwrap();
    shows();
    desk.shoot().unwrap();
    desk.wait_verdict();
    let shot = desk.seat().verdict.unwrap().shot_id;
    let kept = desk.picture(&format!("shot/{shot}"), "size=full").bytes;
    assert!(kept == frame, "an upright camera's photo is its frame");
    desk.assert_holds();
}

#[test]
fn a_loss_is_told_once_and_so_is_the_return() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.show(SITTERS[4]);
    until("it streams", || desk.snapshot().status.camera.state == "streaming");
    // The clock thread has seen it stream.
    std::thread::park_timeout(std::time::Duration::from_millis(1300));
    desk.replay("unplug").unwrap();
    until("the loss is told", || told(&desk, "camera_lost") == 1);
    let listed = cameras(&desk).cameras;
    let [replay] = listed.iter().filter(|c| c.chosen).collect::<Vec<_>>()[..] else {
        panic!("one is in use: {listed:?}");
    };
    assert_eq!(replay.state, "absent");
    desk.replay("replug").unwrap();
    until("the return is told", || told(&desk, "camera_back") == 1);
    assert_eq!(told(&desk, "camera_lost"), 1);
    desk.assert_holds();
}

#[test]
fn a_spare_that_is_away_is_listed_as_away() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let away = "usb:046d:085e:3F2A7B1C";
    let id = Some(away.to_owned());
    desk.call(Call::ChooseSpareCamera { id }).unwrap();
    let found = cameras(&desk);
    let spare = found.cameras.iter().find(|c| c.id == away).unwrap();
    assert_eq!(
        (spare.state.as_str(), spare.spare, spare.chosen),
        ("absent", true, false)
    );
    assert!(["ready", "no_program", "no_library"].contains(&found.cable.as_str()));
    desk.call(Call::ChooseSpareCamera { id: None }).unwrap();
    assert!(cameras(&desk).cameras.iter().all(|c| c.id != away));
}

#[test]
fn keys_of_the_desk_cannot_be_the_shutter_and_a_tried_scanner_is_heard() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let with = |key: &str| {
        let mut preferences = desk.preferences().unwrap();
        preferences.shutter_keys = vec![key.to_owned()];
        kit::code(desk.set_preferences(preferences))
    };
    for key in ["F2", "KeyZ", "KeyF", "KeyH", "KeyR", "Digit4", "Backspace", "Slash"] {
        assert_eq!(with(key), "bad_argument", "{key}");
    }
    assert_eq!(with("PageUp"), "done");
    let verdict = |id: &str| {
        let check = desk.set_check().unwrap();
        check.items.iter().find(|i| i.id == id).unwrap().verdict.clone()
    };
    assert_eq!((verdict("scanner"), verdict("pedal")), ("warn".into(), "warn".into()));
    desk.heard("scanner").unwrap();
    desk.heard("pedal").unwrap();
    assert_eq!((verdict("scanner"), verdict("pedal")), ("pass".into(), "pass".into()));
    assert_eq!(kit::code(desk.heard("bell")), "bad_argument");
}

#[test]
fn a_folder_that_cannot_be_watched_says_why() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.jpg");
    std::fs::write(&file, b"half a picture").unwrap();
    let watch = |path: &str| kit::code(desk.watch_folder(Some(path), true));
    for path in ["pictures", "/nowhere/at/all", &file.to_string_lossy()] {
        assert_eq!(watch(path), "folder_missing", "{path}");
        assert!(desk.snapshot().status.folder.is_none());
    }
    // The file is no picture: it waits, and the folder is watched on.
    assert_eq!(watch(&folder.path().to_string_lossy()), "done");
    until("it waits", || {
        desk.snapshot().status.folder.is_some_and(|f| f.waiting == 1)
    });
    let view = desk.snapshot().status.folder.unwrap();
    assert_eq!(
        (view.is_there, view.taken, view.stuck, view.stuck_names.len()),
        (true, 0, 0, 0)
    );
    desk.watch_folder(None, false).unwrap();
}
