//! The countdown's zero is the exposure: on a clock that only moves when it is told to.
use crate::kit::{self, SITTERS, frames, repository, until};
use domain::UtcMs;
use station::clock::{Clock, SystemClock};
use station::{CameraUse, Opening, Station};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock with hands.
#[derive(Default)]
struct Hands {
    wall: SystemClock,
    mono_ms: AtomicU64,
}

impl Clock for Hands {
    fn now(&self) -> UtcMs {
        self.wall.now()
    }
    fn mono_ms(&self) -> u64 {
        self.mono_ms.load(Ordering::SeqCst)
    }
    fn slept_ms(&self) -> u64 {
        0
    }
}

#[test]
fn the_shutter_falls_by_the_cameras_lead_before_zero() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Hands::default());
    clock.mono_ms.store(50_000, Ordering::SeqCst);
    let opening = Opening {
        camera: CameraUse::ShotsOnly,
        clock: Arc::<Hands>::clone(&clock),
        rules: station::session::Rules {
            accept_after_ms: None,
            ..Default::default()
        },
        ..Opening::new(folder.path().to_owned(), Some(frames().to_owned()))
    };
    let station = Station::open(opening).unwrap();
    kit::on_replay(&station);
    let text = std::fs::read_to_string(repository("assets/demo/campaign-graduate.toml")).unwrap();
    station.import_campaign(&text).unwrap();
    let preferences = ipc::Preferences {
        countdown_s: 3,
        ..station.preferences().unwrap()
    };
    station.set_preferences(preferences).unwrap();
    station.replay(&format!("show {}", SITTERS[4])).unwrap();
    station.scan(&kit::collection_code(SITTERS[4])).unwrap();
    station.press().unwrap();
    let view = || station.snapshot().desk;
    assert_eq!(view().shutter_in_ms, Some(3000));

    // The lead of a stream is at most a quarter of a second: before that nothing falls, however long it is looked at.
    clock.mono_ms.store(52_740, Ordering::SeqCst);
    for _ in 0..20 {
        std::thread::park_timeout(Duration::from_millis(10));
        assert_eq!(view().shutter_in_ms, Some(260));
    }
    assert_eq!(view().current.unwrap().stage, "ready");
    // And at least five milliseconds: it falls before its zero.
    clock.mono_ms.store(52_995, Ordering::SeqCst);
    until("a verdict", || view().current.is_some_and(|s| s.stage == "verdict"));
    assert_eq!(view().shutter_in_ms, None);
    assert_eq!(view().current.unwrap().shots, 1);
}
