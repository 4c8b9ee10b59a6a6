//! Is the camera kept open, watched and re-opened, and is a shot what it must be?
use crate::make::{PATIENCE, SMALL, four, jpeg, limits, same, until, until_state};
use camera::replay::{Motion, ReplayControl, Tear};
use camera::{
    Cadence, CameraError, CameraHandle, CameraId, CameraState, Limits, Negotiated, RawFrame, Reason, Source, Stream,
};
use std::time::{Duration, Instant};

fn started(motion: Motion) -> (CameraHandle, ReplayControl) {
    let replay = four(motion);
    let control = replay.control();
    (CameraHandle::start(Box::new(replay), limits()), control)
}

#[test]
fn frames_come_with_growing_numbers_and_untouched_bytes() {
    let (camera, _control) = started(Motion::Hold);
    let first = camera.wait_newer(0, PATIENCE).unwrap();
    assert_eq!(camera.state(), CameraState::Streaming);
    let second = camera.wait_newer(first.sequence, PATIENCE).unwrap();
    assert!(second.sequence > first.sequence);
    assert!(second.at > first.at);
    assert_eq!(second.size, SMALL);
    assert!(same(&second.jpeg, &jpeg(1)));
    assert_eq!(camera.name(), "four");
    let report = camera.report();
    assert_eq!(report.size, Some(SMALL));
    assert!(report.fps > 1.0, "{}", report.fps);
    camera.stop();
}

#[test]
fn a_stall_is_seen_within_the_watchdogs_time_and_passes() {
    let (camera, control) = started(Motion::Hold);
    camera.wait_newer(0, PATIENCE).unwrap();
    control.stall();
    let stalled = Instant::now();
    until_state(&camera, &CameraState::Stalled);
    // Not before its time: the last frame may be one interval old when the stall begins.
    assert!(
        stalled.elapsed() >= limits().watchdog - Duration::from_millis(30),
        "{:?}",
        stalled.elapsed()
    );
    let before = camera.counters();
    // It stays stalled while it is opened again and gives nothing.
    until("it was opened again", || camera.counters().reopened > before.reopened);
    assert_eq!(camera.state(), CameraState::Stalled);
    assert!(camera.newest().is_some(), "the last picture stays");
    control.resume();
    let frame = camera.wait_newer(before.accepted, PATIENCE).unwrap();
    assert_eq!(frame.sequence, before.accepted + 1);
    assert_eq!(camera.state(), CameraState::Streaming);
}

#[test]
fn unplugged_it_is_absent_and_replugged_it_goes_on_counting() {
    let (camera, control) = started(Motion::Hold);
    camera.wait_newer(0, PATIENCE).unwrap();
    control.unplug();
    until_state(&camera, &CameraState::Absent);
    assert!(camera.newest().is_none());
    assert!(matches!(
        camera.capture(PATIENCE),
        Err(CameraError::NotReady {
            state: CameraState::Absent
        })
    ));
    let before = camera.counters().accepted;
    control.replug();
    let frame = camera.wait_newer(before, PATIENCE).unwrap();
    assert_eq!(frame.sequence, before + 1);
    assert_eq!(camera.state(), CameraState::Streaming);
    assert!(camera.counters().reopened >= 1);
}

#[test]
fn half_frames_never_show() {
    let (camera, control) = started(Motion::Hold);
    let before = camera.wait_newer(0, PATIENCE).unwrap().sequence;
    control.tear(Tear::Half, 5);
    until("five were refused", || camera.counters().torn >= 5);
    assert_eq!(camera.counters().refused, 5);
    let after = camera.wait_newer(before, PATIENCE).unwrap();
    assert!(same(&after.jpeg, &jpeg(1)));
}

#[test]
fn torn_frames_alone_are_a_stall() {
    let (camera, control) = started(Motion::Hold);
    camera.wait_newer(0, PATIENCE).unwrap();
    control.tear(Tear::Half, u32::MAX);
    until_state(&camera, &CameraState::Stalled);
    control.torn(0);
    until_state(&camera, &CameraState::Streaming);
}

#[test]
fn no_shot_is_a_chimera() {
    let (camera, control) = started(Motion::Hold);
    camera.wait_newer(0, PATIENCE).unwrap();
    control.tear(Tear::Chimera, 3);
    let still = camera.capture(PATIENCE).unwrap();
    assert!(same(&still.jpeg, &jpeg(1)));
    assert!((1..=3).contains(&camera.counters().torn), "{:?}", camera.counters());
    control.tear(Tear::Chimera, u32::MAX);
    let error = camera.capture(Duration::from_millis(80)).unwrap_err();
    assert!(matches!(error, CameraError::NoStill { damaged: 1.., .. }), "{error}");
    assert!(error.is_retryable());
}

/// The rule that keeps the sitter before out of the photo.
#[test]
fn a_shot_shows_what_was_there_when_it_was_asked_for() {
    let (camera, control) = started(Motion::Hold);
    camera.wait_newer(0, PATIENCE).unwrap();
    for round in 0..40 {
        let (name, seed) = [("a", 1), ("b", 2), ("c", 3), ("d", 4)][round % 4];
        control.show(name).unwrap();
        let asked = Instant::now();
        let still = camera.capture(PATIENCE).unwrap();
        assert!(still.taken >= asked);
        assert!(same(&still.jpeg, &jpeg(seed)), "round {round}");
        assert_eq!(still.size, SMALL);
    }
    let own = jpeg(77);
    control.show_picture("guest", own.clone()).unwrap();
    assert!(same(&camera.capture(PATIENCE).unwrap().jpeg, &own));
}

#[test]
fn stopping_is_quick_and_ends_all_waiting() {
    let replay = four(Motion::Hold);
    replay.control().stall();
    let slow = Limits {
        watchdog: PATIENCE,
        ..limits()
    };
    let camera = CameraHandle::start(Box::new(replay), slow);
    let watch = camera.watch();
    let waiting = std::thread::spawn(move || {
        let asked = Instant::now();
        assert!(watch.wait_newer(0, PATIENCE).is_none());
        assert!(watch.is_closed());
        asked.elapsed()
    });
    let stopped = Instant::now();
    camera.stop();
    assert!(stopped.elapsed() < PATIENCE / 2);
    assert!(waiting.join().unwrap() < PATIENCE / 2);
}

/// A backend with a script: what no replay can do.
struct Scripted(fn(u32) -> Result<Box<dyn Stream>, CameraError>, u32);

impl Source for Scripted {
    fn id(&self) -> CameraId {
        CameraId::Node("scripted".to_owned())
    }
    fn name(&self) -> String {
        "scripted".to_owned()
    }
    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        self.1 += 1;
        (self.0)(self.1)
    }
}

/// Gives old frames for a while, as a driver with full buffers does, then frames of now.
struct Buffered {
    old: u32,
    negotiated: Negotiated,
}

impl Stream for Buffered {
    fn negotiated(&self) -> Negotiated {
        self.negotiated
    }
    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        std::thread::park_timeout(timeout.min(Duration::from_millis(5)));
        let now = Instant::now();
        let (seed, began) = match self.old {
            0 => (2, now),
            _ => (1, now - Duration::from_secs(1)),
        };
        self.old = self.old.saturating_sub(1);
        Ok(RawFrame {
            jpeg: jpeg(seed),
            began,
        })
    }
}

fn buffered(old: u32, settle_frames: u32, cadence: Cadence) -> Box<dyn Stream> {
    let size = Some(SMALL);
    let negotiated = Negotiated {
        size,
        cadence,
        settle_frames,
    };
    Box::new(Buffered { old, negotiated })
}

const STEADY: Cadence = Cadence::Steady { fps: 100.0 };

#[test]
fn a_shot_passes_over_frames_that_waited_in_the_drivers_buffers() {
    let camera = CameraHandle::start(Box::new(Scripted(|_| Ok(buffered(20, 0, STEADY)), 0)), limits());
    camera.wait_newer(0, PATIENCE).unwrap();
    let still = camera.capture(PATIENCE).unwrap();
    assert!(same(&still.jpeg, &jpeg(2)));
    assert!(still.sequence > 20);
}

#[test]
fn the_first_frames_of_a_device_are_thrown_away() {
    let camera = CameraHandle::start(Box::new(Scripted(|_| Ok(buffered(5, 5, STEADY)), 0)), limits());
    let first = camera.wait_newer(0, PATIENCE).unwrap();
    assert!(first.sequence == 1 && same(&first.jpeg, &jpeg(2)));
    assert_eq!(camera.counters().settled, 5);
}

/// A camera on a cable may have no live picture: it answers, and silence is no stall there.
#[test]
fn a_source_on_demand_never_stalls() {
    struct Quiet;
    impl Stream for Quiet {
        fn negotiated(&self) -> Negotiated {
            Negotiated {
                size: None,
                cadence: Cadence::OnDemand,
                settle_frames: 0,
            }
        }
        fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
            std::thread::park_timeout(timeout);
            Err(CameraError::NoFrame { waited: timeout })
        }
    }
    let camera = CameraHandle::start(Box::new(Scripted(|_| Ok(Box::new(Quiet)), 0)), limits());
    assert!(camera.wait_newer(0, limits().watchdog * 3).is_none());
    assert_eq!(camera.state(), CameraState::Streaming);
    assert_eq!(camera.counters().reopened, 0);
}

#[test]
fn busy_and_failed_are_told_apart_and_tried_again() {
    let script = |turn| {
        let camera = CameraId::Node("scripted".to_owned());
        let holder = Some("cheese".to_owned());
        match turn {
            1..=3 => Err(CameraError::Busy { camera, holder }),
            4..=6 => Err(CameraError::NoUsableMode { camera }),
            _ => Ok(buffered(0, 0, STEADY)),
        }
    };
    let slow = Limits {
        backoff_first: Duration::from_millis(20),
        ..limits()
    };
    let camera = CameraHandle::start(Box::new(Scripted(script, 0)), slow);
    until_state(
        &camera,
        &CameraState::Busy {
            holder: Some("cheese".to_owned()),
        },
    );
    until_state(
        &camera,
        &CameraState::Failed {
            reason: Reason::NoUsableMode,
        },
    );
    until_state(&camera, &CameraState::Streaming);
}

#[test]
fn a_backend_that_panics_is_a_failed_camera() {
    let camera = CameraHandle::start(Box::new(Scripted(|_| panic!("driver"), 0)), limits());
    until_state(&camera, &CameraState::Failed { reason: Reason::Thread });
    assert!(camera.capture(PATIENCE).is_err());
}

#[test]
fn the_frames_before_a_shot_are_held_for_a_moment() {
    let (camera, control) = started(Motion::Play);
    let first = camera.wait_newer(0, PATIENCE).unwrap();
    let long = Duration::from_secs(10);
    // Nothing is taken from before the moment that is named.
    let mut held = Vec::new();
    until("some were held", || {
        let now = Instant::now();
        held = camera.before(first.at, now, 4);
        held.len() == 4 && held.iter().all(|still| still.taken >= first.at && still.taken < now)
    });
    assert!(held.windows(2).all(|two| two[0].sequence < two[1].sequence));
    assert!(
        held.iter()
            .all(|still| [1, 2, 3, 4].iter().any(|seed| same(&still.jpeg, &jpeg(*seed))))
    );
    let now = Instant::now();
    assert!(camera.before(now, now + long, 4).iter().all(|still| still.taken >= now));
    // None that is older than a third of a second, and none of before a loss.
    control.stall();
    until("they are too old", || {
        camera.before(first.at, Instant::now(), 4).is_empty()
    });
    control.resume();
    until("new ones come", || {
        !camera.before(first.at, Instant::now(), 4).is_empty()
    });
    control.unplug();
    until_state(&camera, &CameraState::Absent);
    assert!(camera.before(first.at, Instant::now(), 4).is_empty());
}
