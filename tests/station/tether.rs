//! A camera on a cable: its shots, its own button, its card. `cargo xtask test --only tether` builds the camera these need: Debian's
//! libgphoto2 with its emulated Nikon, whose card and scene lie in the folder `XUEYING_VUSB`.
use crate::kit::{self, Center, Desk, LAUGHING, PASSING_AGAIN, SITTERS, Undo, code, frame_hash, frames, until};
use ipc::CountsView;
use station::session::Acceptance;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// Longer than a picture without a time in it may stand in a queue behind those of whoever sat before.
const SEATED: Duration = Duration::from_millis(10_200);
const CARD: &str = "card/DCIM/100GPHOT";

/// The emulated camera.
struct Camera(PathBuf);

impl Camera {
    /// With a card that was used before.
    fn used_before() -> Self {
        let home = std::env::var_os("XUEYING_VUSB").expect("started by cargo xtask test --only tether");
        let camera = Self(PathBuf::from(home));
        let _ = std::fs::remove_dir_all(&camera.0);
        std::fs::create_dir_all(camera.0.join(CARD)).unwrap();
        camera.put_on_card(LAUGHING, "OLD_0001.JPG");
        camera.scene(SITTERS[0]);
        camera
    }

    /// What stands before the lens from now on.
    fn scene(&self, sitter: &str) {
        let coming = self.0.join("coming.jpg");
        std::fs::copy(frames().join(format!("{sitter}.jpg")), &coming).unwrap();
        std::fs::rename(coming, self.0.join("scene.jpg")).unwrap();
    }

    fn put_on_card(&self, sitter: &str, name: &str) {
        std::fs::copy(frames().join(format!("{sitter}.jpg")), self.0.join(CARD).join(name)).unwrap();
    }

    /// Somebody presses the camera's own button.
    fn press(&self) {
        let button = self.0.join("button");
        std::fs::write(&button, "").unwrap();
        until("the camera hears its button", || !button.exists());
    }

    fn unplug(&self, desk: &Desk) {
        std::fs::write(self.0.join("gone"), "").unwrap();
        until("the loss is seen", || state(desk) == "absent");
    }

    fn plug_in(&self, desk: &Desk) {
        std::fs::remove_file(self.0.join("gone")).unwrap();
        until("the camera is back", || state(desk) == "streaming");
    }

    /// Pictures on the card.
    fn pictures(&self) -> usize {
        std::fs::read_dir(self.0.join(CARD)).unwrap().count()
    }
}

fn state(desk: &Desk) -> String {
    desk.snapshot().status.camera.state
}

fn counts(desk: &Desk) -> CountsView {
    desk.end_of_day().unwrap().counts
}

fn broken(desk: &Desk) -> Vec<String> {
    let checks = desk.end_of_day().unwrap().checks;
    checks.into_iter().filter(|c| !c.holds).map(|c| c.what).collect()
}

/// Takes the camera into use, as one does in the settings.
fn choose(desk: &Desk) {
    let found = desk.cameras().into_iter().find(|c| c.kind == "tether");
    let camera = found.expect("the camera is listed; its program lies beside the station's");
    assert_eq!(camera.name, "Nikon DSC D750");
    desk.choose_camera(&camera.id).unwrap();
    until("it streams", || state(desk) == "streaming");
    until("its live picture comes", || desk.snapshot().status.camera.fps > 0.0);
    assert!(desk.end_of_day().unwrap().checks.iter().any(|c| c.what == "card"));
}

/// The card was listed at least once: nothing that is put on it later counts as there before.
fn wait_listed(desk: &Desk) {
    until("the card is known", || {
        desk.view().notices.iter().any(|n| n.code == "card_passed")
    });
}

#[test]
#[ignore = "needs an emulated camera: cargo xtask test --only tether"]
fn shots_and_the_cameras_own_button() {
    let camera = Camera::used_before();
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    choose(&desk);
    wait_listed(&desk);

    // The station's shutter: the file of the camera's card, untouched.
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    camera.scene(SITTERS[4]);
    desk.shoot().unwrap();
    desk.wait_verdict();
    let first = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(first).photo_sha256, frame_hash(SITTERS[4]));

    // The camera's own button, for who sits.
    desk.scan(&kit::collection_code(SITTERS[2])).unwrap();
    std::thread::park_timeout(SEATED);
    camera.scene(SITTERS[2]);
    camera.press();
    desk.wait_verdict();
    assert_eq!(desk.seat().shots, 1);
    let second = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(second).photo_sha256, frame_hash(SITTERS[2]));

    // And while nobody sits.
    camera.scene(SITTERS[1]);
    camera.press();
    until("it lies in the tray", || desk.view().orphans == 1);

    assert_eq!(camera.pictures(), 4, "nothing is deleted on the card");
    let now = counts(&desk);
    assert_eq!((now.releases, now.pictures, now.missed), (3, 3, 0));
    assert_eq!(broken(&desk), ["tray"], "what was on the card before is left alone");
    desk.assert_holds();
    center.assert_holds();
}

#[test]
#[ignore = "needs an emulated camera: cargo xtask test --only tether"]
fn what_came_onto_the_card_unseen_is_found() {
    let camera = Camera::used_before();
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    choose(&desk);
    wait_listed(&desk);
    desk.scan(&kit::collection_code(SITTERS[3])).unwrap();

    // The cable is out, and the photographer goes on with the camera's button.
    camera.unplug(&desk);
    assert_eq!(code(desk.shoot()), "camera_absent");
    camera.put_on_card(SITTERS[1], "GPH_0090.JPG");
    camera.put_on_card(PASSING_AGAIN, "GPH_0091.JPG");
    assert_eq!(desk.seat().stage, "ready", "the seat is kept");
    camera.plug_in(&desk);
    until("both lie in the tray", || desk.view().orphans == 2);
    assert_eq!(desk.seat().shots, 0, "nobody is given what they may not have sat for");
    until("the card is accounted for", || broken(&desk) == ["tray"]);
    assert_eq!(counts(&desk).pictures, 2);

    // The station is closed meanwhile; what it has is not taken again.
    let desk = desk.restart(Undo::No);
    camera.put_on_card(SITTERS[2], "GPH_0092.JPG");
    choose(&desk);
    until("the third lies there too", || desk.view().orphans == 3);
    until("the card is accounted for", || broken(&desk) == ["tray"]);
    assert_eq!(counts(&desk).pictures, 3);
    desk.assert_holds();
}

#[test]
#[ignore = "needs an emulated camera: cargo xtask test --only tether"]
fn a_driver_that_dies_takes_nothing_with_it() {
    let camera = Camera::used_before();
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    choose(&desk);
    wait_listed(&desk);
    desk.scan(&kit::collection_code(SITTERS[4])).unwrap();
    camera.scene(SITTERS[4]);
    for _ in 0..5 {
        kill_helper(&desk);
    }
    desk.shoot().unwrap();
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(SITTERS[4]));

    // It dies with the shutter open: the release brought nothing, or its picture is found on the card. Never both lost.
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    camera.scene(SITTERS[0]);
    let before = camera.pictures();
    desk.shoot().unwrap();
    kill_helper(&desk);
    until("the release ends", || {
        matches!(desk.seat().stage.as_str(), "ready" | "verdict")
    });
    let taken = camera.pictures() - before;
    until("what the card has is here", || {
        let card = desk.end_of_day().unwrap().checks;
        let holds = card.iter().all(|c| c.what != "card" || c.holds);
        holds && counts(&desk).pictures as usize == 1 + taken
    });
    assert!(!broken(&desk).iter().any(|what| what == "releases" || what == "files"));
    desk.assert_holds();
}

/// The helper that runs now.
fn helper() -> Option<String> {
    let ours = std::process::id().to_string();
    let found = Command::new("pgrep")
        .args(["-P", &ours, "-x", "xueying-tether"])
        .output();
    let pids = String::from_utf8(found.unwrap().stdout).unwrap();
    pids.lines().next().map(str::to_owned)
}

/// Kills the helper as a crash in a driver would, and waits until another one has the camera.
fn kill_helper(desk: &Desk) {
    until("a helper runs", || helper().is_some());
    let old = helper().unwrap();
    assert!(Command::new("kill").args(["-KILL", &old]).status().unwrap().success());
    until("the loss is seen, and another one runs", || {
        helper().is_some_and(|new| new != old)
    });
    until("it is back by itself", || {
        state(desk) == "streaming" && desk.snapshot().status.camera.fps > 0.0
    });
}
