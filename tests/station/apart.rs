//! What when a camera's driver ends its own process? The camera is lost and opened again; the station and who sits stay. On macOS every
//! camera is opened so; here it is a replay in the same process, by the same pipe.
use crate::kit::{self, Center, Desk, PASSING, SITTERS, frame_hash, frames, until};
use camera::apart::ApartCamera;
use camera::controls::Settings;
use camera::{CameraError, CameraHandle, CameraId, CameraState, Descriptor, Kind, Limits, Source};
use station::session::{Acceptance, Rules};
use station::{Bus, CameraUse, Opening};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A camera that shows one picture, captured by the station's own program.
struct Apart(TempDir);

impl Apart {
    fn of(frame: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let picture = format!("{frame}.jpg");
        std::fs::copy(frames().join(&picture), folder.path().join(&picture)).unwrap();
        Self(folder)
    }

    fn camera(&self) -> ApartCamera {
        let arguments = vec![self.id().to_string().into(), self.0.path().into()];
        ApartCamera::new(self.id(), "apart".to_owned(), program(), arguments)
    }

    fn id(&self) -> CameraId {
        CameraId::Replay("apart".to_owned())
    }

    /// Its processes: those with our folder among their arguments.
    fn processes(&self) -> Vec<String> {
        let ours = self.0.path().to_string_lossy().into_owned();
        let has_folder = |process: &Path| {
            let line = std::fs::read(process.join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(&ours)
        };
        let all = std::fs::read_dir("/proc").unwrap().flatten().map(|e| e.path());
        let found = all.filter(|p| has_folder(p));
        found
            .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    fn process(&self) -> String {
        until("a process captures", || self.processes().len() == 1);
        self.processes().remove(0)
    }
}

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_station").into()
}

fn signal(name: &str, process: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), process]).status();
    assert!(sent.unwrap().success());
}

#[test]
fn frames_come_whole_and_the_process_goes_with_the_camera() {
    let apart = Apart::of(PASSING);
    let camera = CameraHandle::start(Box::new(apart.camera()), Limits::default());
    until("it streams", || camera.state() == CameraState::Streaming);
    let asked = Instant::now();
    let still = camera.capture(Duration::from_secs(20)).unwrap();
    assert!(still.taken >= asked, "the clock of both processes is one");
    assert_eq!(kit::sha256(&still.jpeg), frame_hash(PASSING));

    // It is ended, and it hangs.
    for way in ["ABRT", "KILL", "STOP"] {
        let (old, before) = (apart.process(), camera.counters());
        signal(way, &old);
        until("another one captures", || {
            apart.processes().first().is_some_and(|new| *new != old)
        });
        until("frames come again", || camera.counters().accepted > before.accepted + 2);
        assert!(camera.counters().reopened > before.reopened, "{way}");
        assert_eq!(camera.state(), CameraState::Streaming);
    }
    let last = apart.process();
    camera.stop();
    assert!(apart.processes().is_empty(), "{last} is still there");
}

#[test]
fn what_cannot_be_opened_says_so() {
    let arguments = vec!["node:video99".into()];
    let nowhere = ApartCamera::new(
        CameraId::Node("video99".to_owned()),
        "x".to_owned(),
        program(),
        arguments,
    );
    let camera = CameraHandle::start(Box::new(nowhere), Limits::default());
    until("it is missing", || camera.state() == CameraState::Absent);
    let gone = CameraId::Node("x".to_owned());
    let wrong = ApartCamera::new(gone, "x".to_owned(), "/bin/false".into(), Vec::new());
    let camera = CameraHandle::start(Box::new(wrong), Limits::default());
    until("it has failed", || matches!(camera.state(), CameraState::Failed { .. }));
}

impl Bus for Apart {
    fn plugged(&self) -> Vec<Descriptor> {
        vec![Descriptor {
            id: self.id(),
            name: "apart".to_owned(),
            kind: Kind::Replay,
        }]
    }

    fn source(&self, _id: &CameraId, _settings: Settings) -> Result<Box<dyn Source>, CameraError> {
        Ok(Box::new(self.camera()))
    }
}

#[test]
fn the_station_outlives_the_driver() {
    let center = Center::with("graduate");
    let (apart, folder) = (Arc::new(Apart::of(PASSING)), tempfile::tempdir().unwrap());
    let opening = Opening {
        camera: CameraUse::ShotsOnly,
        bus: Arc::<Apart>::clone(&apart),
        undo_ms: 0,
        rules: Rules {
            accept_after_ms: None,
            ..Rules::default()
        },
        ..Opening::new(folder.path().to_owned(), None)
    };
    let desk = Desk::opened(&center, folder, opening);
    desk.choose_camera(&apart.id().to_string()).unwrap();
    let state = || desk.snapshot().status.camera.state;
    until("it streams", || state() == "streaming");
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    let sits = desk.seat().person.key;
    for _ in 0..3 {
        let old = apart.process();
        signal("ABRT", &old);
        until("another one captures", || {
            apart.processes().first().is_some_and(|new| *new != old)
        });
        until("it streams again", || state() == "streaming");
    }
    assert_eq!((desk.seat().person.key, desk.seat().stage.as_str()), (sits, "ready"));
    desk.shoot().unwrap();
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, frame_hash(PASSING));
    drop(desk);
    assert!(apart.processes().is_empty());
}
