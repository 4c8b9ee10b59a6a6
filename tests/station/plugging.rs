//! What becomes of the desk when cameras come, go and change places, and when the computer sleeps? Nobody loses the seat, no shot
//! changes its person, and nothing happens by itself for whoever sat there before.
use crate::dozing::Dozing;
use crate::kit::{self, Center, Desk, PASSING, PASSING_AGAIN, SITTERS, code, frame_hash, frames, until};
use camera::controls::Settings;
use camera::replay::{Pace, Replay, ReplayControl};
use camera::{CameraError, CameraId, Descriptor, Kind, Source, Stream};
use ipc::Preferences;
use station::session::{Acceptance, Rules};
use station::{Bus, CameraUse, Opening};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A camera of a rack: pictures played as a webcam that is plugged in or not.
struct Webcam {
    replay: Replay,
    plugged: AtomicBool,
}

impl Webcam {
    /// Shows one picture.
    fn of(name: &str, frame: &str) -> Self {
        let jpeg = std::fs::read(frames().join(format!("{frame}.jpg"))).unwrap();
        let replay = Replay::of_pictures(name, vec![(frame.to_owned(), jpeg.into())], Pace::default()).unwrap();
        let webcam = Self {
            replay,
            plugged: AtomicBool::new(true),
        };
        webcam.unplug();
        webcam
    }

    fn control(&self) -> ReplayControl {
        self.replay.control()
    }

    fn id(&self) -> String {
        self.descriptor().id.to_string()
    }

    fn descriptor(&self) -> Descriptor {
        let name = self.replay.descriptor().name;
        Descriptor {
            id: CameraId::Node(name.clone()),
            name,
            kind: Kind::Uvc,
        }
    }

    fn plug_in(&self) {
        self.control().replug();
        self.plugged.store(true, Ordering::Relaxed);
    }

    fn unplug(&self) {
        self.plugged.store(false, Ordering::Relaxed);
        self.control().unplug();
    }
}

/// A webcam as the station opens it.
struct Plug(Replay, Descriptor);

impl Source for Plug {
    fn id(&self) -> CameraId {
        self.1.id.clone()
    }
    fn name(&self) -> String {
        self.1.name.clone()
    }
    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        self.0.open()
    }
}

/// Two webcams of a computer.
struct Rack {
    main: Webcam,
    spare: Webcam,
}

impl Rack {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            main: Webcam::of("main", PASSING),
            spare: Webcam::of("spare", PASSING_AGAIN),
        })
    }

    fn both(&self) -> [&Webcam; 2] {
        [&self.spare, &self.main]
    }
}

impl Bus for Rack {
    fn plugged(&self) -> Vec<Descriptor> {
        let plugged = self.both().into_iter().filter(|w| w.plugged.load(Ordering::Relaxed));
        plugged.map(Webcam::descriptor).collect()
    }

    fn source(&self, id: &CameraId, _settings: Settings) -> Result<Box<dyn Source>, CameraError> {
        let known = self.both().into_iter().find(|w| w.descriptor().id == *id);
        match known {
            Some(webcam) => Ok(Box::new(Plug(webcam.replay.clone(), webcam.descriptor()))),
            None => Err(CameraError::WrongKind { camera: id.clone() }),
        }
    }
}

fn opening(folder: &std::path::Path, rack: &Arc<Rack>, camera: CameraUse) -> Opening {
    Opening {
        camera,
        bus: Arc::<Rack>::clone(rack),
        undo_ms: 0,
        rules: Rules {
            accept_after_ms: None,
            ..Rules::default()
        },
        ..Opening::new(folder.to_owned(), None)
    }
}

fn camera(desk: &Desk) -> (String, String) {
    let camera = desk.snapshot().status.camera;
    (camera.name.unwrap_or_default(), camera.state)
}

fn streams(desk: &Desk, name: &str) {
    until(&format!("{name} streams"), || {
        camera(desk) == (name.to_owned(), "streaming".to_owned())
    });
}

fn was_told(desk: &Desk, code: &str) -> bool {
    desk.view().notices.iter().any(|n| n.code == code)
}

/// Scans somebody and gives the key of who sits.
fn seated(desk: &Desk, sitter: &str) -> String {
    desk.scan(&kit::collection_code(sitter)).unwrap();
    desk.seat().person.key
}

#[test]
fn the_spare_takes_over_for_who_sits_and_gives_back() {
    let (center, rack) = (Center::with("graduate"), Rack::new());
    rack.main.plug_in();
    rack.spare.plug_in();
    let folder = tempfile::tempdir().unwrap();
    let station = opening(folder.path(), &rack, CameraUse::ShotsOnly);
    let desk = Desk::opened(&center, folder, station);
    desk.choose_camera(&rack.main.id()).unwrap();
    desk.choose_spare(Some(&rack.spare.id())).unwrap();
    streams(&desk, "main");

    // The main camera is pulled out while somebody sits; F2.
    let first = seated(&desk, SITTERS[0]);
    rack.main.unplug();
    until("the loss is seen", || camera(&desk).1 == "absent");
    assert_eq!(code(desk.shoot()), "camera_absent");
    desk.swap_camera().unwrap();
    streams(&desk, "spare");
    assert_eq!(
        (desk.seat().person.key, desk.seat().stage.as_str()),
        (first, "ready"),
        "the seat is kept"
    );
    desk.shoot().unwrap();
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(PASSING_AGAIN));

    // A spare that is named and away leaves its place to one that is there.
    desk.choose_spare(Some("usb:0000:0000:away")).unwrap();
    rack.main.plug_in();
    desk.swap_camera().unwrap();
    streams(&desk, "main");
    desk.swap_camera().unwrap();
    streams(&desk, "spare");

    // Plugged in again it is not taken by itself, for the spare was chosen by hand; F2 gives back, and F2 again takes over.
    let second = seated(&desk, SITTERS[1]);
    for (name, frame) in [("main", PASSING), ("spare", PASSING_AGAIN), ("main", PASSING)] {
        desk.swap_camera().unwrap();
        streams(&desk, name);
        assert_eq!(desk.seat().person.key, second);
        desk.shoot().unwrap();
        desk.wait_verdict();
        if name != "main" || desk.seat().shots < 3 {
            desk.retake().unwrap();
            continue;
        }
        let order = desk.accept(Acceptance::Passed).unwrap();
        assert_eq!(desk.detail(order).photo_sha256, frame_hash(frame));
    }
    assert_eq!(desk.orders(None, None, 0, 10).unwrap().total, 2);
    desk.assert_holds();
}

#[test]
fn the_remembered_camera_is_come_back_to() {
    let (center, rack) = (Center::with("graduate"), Rack::new());
    rack.main.plug_in();
    let folder = tempfile::tempdir().unwrap();
    let station = opening(folder.path(), &rack, CameraUse::Live);
    let desk = Desk::opened(&center, folder, station);
    desk.choose_camera(&rack.main.id()).unwrap();
    streams(&desk, "main");

    // The next morning it is not plugged in: another one stands in, and that is said.
    rack.main.unplug();
    rack.spare.plug_in();
    let paused = desk.pause_into();
    let station = opening(paused.path(), &rack, CameraUse::Live);
    let desk = Desk::opened(&center, paused, station);
    streams(&desk, "spare");
    assert!(was_told(&desk, "camera_stand_in"));

    // It is plugged in while a shot is under way, which this camera does not give: the change waits, the seat is kept.
    let sits = seated(&desk, SITTERS[0]);
    rack.spare.control().stall();
    desk.shoot().unwrap();
    rack.main.plug_in();
    until("the camera is changed", || {
        let now = desk.snapshot();
        let is_main = now.status.camera.name.as_deref() == Some("main");
        let taking = now.desk.current.as_ref().is_some_and(|s| s.stage == "taking");
        assert!(!(is_main && taking), "changed while a shot was under way");
        is_main
    });
    streams(&desk, "main");
    assert!(was_told(&desk, "shot_missed") && was_told(&desk, "camera_returned"));
    assert_eq!((desk.seat().person.key, desk.seat().stage.as_str()), (sits, "ready"));
    desk.shoot().unwrap();
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(PASSING));
    desk.assert_holds();
}

#[test]
fn a_camera_plugged_in_later_is_found() {
    let (center, rack) = (Center::with("graduate"), Rack::new());
    let folder = tempfile::tempdir().unwrap();
    let station = opening(folder.path(), &rack, CameraUse::Live);
    let desk = Desk::opened(&center, folder, station);
    assert_eq!(camera(&desk).1, "absent");
    assert_eq!(code(desk.shoot()), "camera_absent");
    rack.spare.plug_in();
    streams(&desk, "spare");
    assert!(was_told(&desk, "camera_found"));
    // None is remembered: another one is not taken for a better one.
    rack.main.plug_in();
    desk.choose_camera(&rack.main.id()).unwrap();
    streams(&desk, "main");

    // Remembered and not there, and nothing else either: it is shown as missing, and found when it comes.
    rack.main.unplug();
    rack.spare.unplug();
    let paused = desk.pause_into();
    let station = opening(paused.path(), &rack, CameraUse::Live);
    let desk = Desk::opened(&center, paused, station);
    until("it is shown as missing", || {
        camera(&desk) == ("main".to_owned(), "absent".to_owned())
    });
    rack.main.plug_in();
    streams(&desk, "main");
}

#[test]
fn after_a_sleep_nothing_happens_by_itself() {
    let (center, rack) = (Center::with("graduate"), Rack::new());
    rack.main.plug_in();
    let (folder, clock) = (tempfile::tempdir().unwrap(), Arc::new(Dozing::default()));
    let station = Opening {
        clock: Arc::<Dozing>::clone(&clock),
        rules: Rules {
            accept_after_ms: Some(3_600_000),
            ..Rules::default()
        },
        ..opening(folder.path(), &rack, CameraUse::ShotsOnly)
    };
    let desk = Desk::opened(&center, folder, station);
    desk.choose_camera(&rack.main.id()).unwrap();
    streams(&desk, "main");
    let sits = seated(&desk, SITTERS[0]);
    desk.shoot().unwrap();
    assert_eq!(desk.wait_verdict(), "pass");
    let accepts_itself = || desk.seat().accepts_in_ms.is_some();
    assert!(accepts_itself(), "but for the sleep");

    // What was open is dead, and opened anew before any watchdog could tell.
    rack.main.control().sleep();
    clock.sleep(40);
    until("the desk was told", || was_told(&desk, "slept_seated"));
    streams(&desk, "main");
    assert!(!accepts_itself(), "the photo waits for a key");
    assert_eq!((desk.seat().person.key, desk.seat().stage.as_str()), (sits, "verdict"));

    // Nor does the next photo of the same sitting; a key takes it.
    desk.retake().unwrap();
    desk.shoot().unwrap();
    assert_eq!(desk.wait_verdict(), "pass");
    assert!(!accepts_itself());
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(PASSING));
    // What waits is sent at once.
    desk.wait_acknowledged(order);

    // A countdown that ran ends without a picture.
    let preferences = desk.preferences().unwrap();
    desk.set_preferences(Preferences {
        countdown_s: 10,
        ..preferences
    })
    .unwrap();
    let second = seated(&desk, SITTERS[1]);
    desk.press().unwrap();
    assert!(desk.view().shutter_in_ms.is_some());
    rack.main.control().sleep();
    clock.sleep(1);
    until("the countdown is over", || desk.view().shutter_in_ms.is_none());
    streams(&desk, "main");
    let seat = desk.seat();
    assert_eq!((seat.person.key, seat.stage.as_str(), seat.shots), (second, "ready", 0));
    desk.assert_holds();
}
