//! Is every picture on the sheet at the end of the day? Those of a burst, of a burst that was cut short, and of a watched folder.
use crate::kit::{self, Center, Desk, LAUGHING, PASSING_AGAIN, SITTERS, Undo, frame_hash, frames, until};
use ipc::CountsView;
use station::session::Acceptance;
use std::path::Path;
use std::time::Duration;

const BURST: u8 = 4;
/// Longer than a picture without a time in it may stand in a queue behind those of whoever sat before.
const SEATED: Duration = Duration::from_millis(10_200);

fn counts(desk: &Desk) -> CountsView {
    desk.end_of_day().unwrap().counts
}

fn broken(desk: &Desk) -> Vec<String> {
    let checks = desk.end_of_day().unwrap().checks;
    checks.into_iter().filter(|c| !c.holds).map(|c| c.what).collect()
}

/// Waits until the sheet has so many pictures: those beside the chosen one are written while the check runs.
fn wait_pictures(desk: &Desk, pictures: u32) {
    until(&format!("{pictures} pictures are on the sheet"), || {
        counts(desk).pictures == pictures
    });
}

/// The camera's own program writes these at once.
fn arrive(folder: &Path, pictures: &[&str]) {
    for name in pictures {
        std::fs::copy(frames().join(format!("{name}.jpg")), folder.join(format!("{name}.jpg"))).unwrap();
    }
}

fn wait_taken(desk: &Desk, taken: u64) {
    until(&format!("{taken} pictures of the folder are taken"), || {
        let view = desk.snapshot().status.folder.unwrap();
        (view.taken, view.waiting, view.stuck) == (taken, 0, 0)
    });
}

#[test]
fn every_picture_of_a_burst_and_of_a_folder_is_on_the_sheet() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    let preferences = ipc::Preferences {
        burst: BURST,
        auto_accept: false,
        ..desk.preferences().unwrap()
    };
    desk.set_preferences(preferences).unwrap();

    let first = desk.collect(SITTERS[4]);
    wait_pictures(&desk, 4);
    // A burst while nobody sits: its best goes to the tray, the others are kept as discarded.
    desk.show(SITTERS[0]);
    desk.shoot().unwrap();
    until("it lies in the tray", || desk.view().orphans == 1);
    wait_pictures(&desk, 8);
    let now = counts(&desk);
    assert_eq!((now.orphan, now.retaken, now.discarded), (1, 3, 3));

    let second = cut_short(&desk);
    let before = counts(&desk);

    let folder = tempfile::tempdir().unwrap();
    desk.watch_folder(Some(&folder.path().to_string_lossy()), false)
        .unwrap();
    desk.scan(&kit::collection_code(SITTERS[2])).unwrap();
    std::thread::park_timeout(SEATED);
    arrive(folder.path(), &[SITTERS[1], SITTERS[2], PASSING_AGAIN]);
    wait_taken(&desk, 3);
    desk.wait_verdict();
    let third = desk.accept(Acceptance::Passed).unwrap();
    // The same bytes under another name are no picture; one that nobody sat for is.
    let copy = folder.path().join("copy.jpg");
    std::fs::copy(folder.path().join(format!("{PASSING_AGAIN}.jpg")), copy).unwrap();
    arrive(folder.path(), &[LAUGHING]);
    wait_taken(&desk, 4);
    until("it lies in the tray", || desk.view().orphans == 2);

    let after = counts(&desk);
    assert_eq!(after.pictures - before.pictures, 4);
    assert_eq!(after.releases - before.releases, 4);
    assert_eq!(broken(&desk), ["tray"], "two orphans are somebody's photos");
    for orphan in desk.orphans().unwrap() {
        desk.discard_shot(&orphan.id).unwrap();
    }
    assert_eq!(broken(&desk), Vec::<String>::new());
    signed_and_the_same_after_a_restart(desk, &[first, second, third]);
    center.assert_holds();
}

/// The cable comes out during a burst. What came is kept and counted; a release that brought nothing is counted as such.
fn cut_short(desk: &Desk) -> domain::OrderId {
    let before = counts(desk);
    desk.scan(&kit::collection_code(SITTERS[3])).unwrap();
    desk.show(SITTERS[3]);
    desk.shoot().unwrap();
    desk.replay("unplug").unwrap();
    until("it is settled", || {
        matches!(desk.seat().stage.as_str(), "ready" | "verdict")
    });
    desk.replay("replug").unwrap();
    until("the camera streams", || {
        desk.snapshot().status.camera.state == "streaming"
    });
    if desk.seat().stage == "ready" {
        assert_eq!(counts(desk).missed, before.missed + 1);
        desk.shoot_and_wait(SITTERS[3]);
    }
    let order = desk.accept(Acceptance::Passed).unwrap();
    // Each release that brought pictures brought at most a whole burst.
    let most = u32::from(BURST);
    until("each release is on the sheet", || broken(desk) == ["tray"]);
    let after = counts(desk);
    assert!((1..=most).contains(&(after.pictures - before.pictures)), "{after:?}");
    assert_eq!(after.accepted, before.accepted + 1);
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(SITTERS[3]));
    order
}

/// The sheet is read from what is kept, so a restart changes nothing; safe to leave it says once the center signed.
fn signed_and_the_same_after_a_restart(desk: Desk, orders: &[domain::OrderId]) {
    orders.iter().for_each(|order| desk.wait_acknowledged(*order));
    let before = counts(&desk);
    assert_eq!((before.accepted, before.orders, before.discarded), (3, 3, 5));
    assert_eq!(
        before.pictures,
        before.accepted + before.retaken + before.discarded,
        "each has its fate"
    );
    let desk = desk.restart(Undo::No);
    assert_eq!(counts(&desk), before);
    until("everything is signed for", || desk.end_of_day().unwrap().safe_to_leave);
    desk.assert_holds();
}
