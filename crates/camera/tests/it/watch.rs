//! Is a slow camera let be, is what slept opened anew, and does closing keep nobody waiting?
use crate::make::{PATIENCE, SMALL, four, jpeg, limits, same, until, until_state};
use camera::replay::Motion;
use camera::{
    Cadence, CameraError, CameraHandle, CameraId, CameraState, Limits, Negotiated, RawFrame, Source, StopSign, Stream,
};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// A camera that takes its time: until the first frame, and between two.
#[derive(Clone, Copy)]
struct Slow {
    first: Duration,
    between: Duration,
    says_fps: f32,
    settle_frames: u32,
}

struct SlowStream {
    slow: Slow,
    due: Instant,
    sent: u32,
}

impl Source for Slow {
    fn id(&self) -> CameraId {
        CameraId::Node("slow".to_owned())
    }
    fn name(&self) -> String {
        "slow".to_owned()
    }
    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        Ok(Box::new(SlowStream {
            slow: *self,
            due: Instant::now() + self.first,
            sent: 0,
        }))
    }
}

impl Stream for SlowStream {
    fn negotiated(&self) -> Negotiated {
        Negotiated {
            size: Some(SMALL),
            cadence: Cadence::Steady {
                fps: self.slow.says_fps,
            },
            settle_frames: self.slow.settle_frames,
        }
    }
    /// The nth frame of an opening shows the nth picture.
    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        let left = self.due.saturating_duration_since(Instant::now());
        std::thread::sleep(left.min(timeout));
        if left > timeout {
            return Err(CameraError::NoFrame { waited: timeout });
        }
        self.due = Instant::now() + self.slow.between;
        self.sent += 1;
        Ok(RawFrame {
            jpeg: jpeg(self.sent),
            began: Instant::now(),
        })
    }
}

const SOON: Duration = Duration::from_millis(10);

/// Limits under which one opening is all there is: another one after a stall would begin from its first frame.
fn patient() -> Limits {
    Limits {
        first_frame: PATIENCE,
        ..limits()
    }
}

#[test]
fn a_slow_cameras_first_frames_count_although_they_are_thrown_away() {
    let slow = Slow {
        first: SOON,
        between: limits().watchdog / 2,
        says_fps: 30.0,
        settle_frames: 5,
    };
    let camera = CameraHandle::start(Box::new(slow), patient());
    let frame = camera.wait_newer(0, PATIENCE).expect("it streams");
    assert!(same(&frame.jpeg, &jpeg(6)));
    assert_eq!(camera.state(), CameraState::Streaming);
}

#[test]
fn a_first_frame_may_take_longer_than_the_others() {
    let slow = Slow {
        first: limits().watchdog * 3,
        between: SOON,
        says_fps: 30.0,
        settle_frames: 2,
    };
    let camera = CameraHandle::start(Box::new(slow), patient());
    assert!(camera.wait_newer(0, PATIENCE).is_some());
    // One that gives nothing at all is still seen.
    let dead = Slow {
        first: PATIENCE * 10,
        ..slow
    };
    until_state(&CameraHandle::start(Box::new(dead), limits()), &CameraState::Stalled);
}

#[test]
fn a_camera_slower_than_the_watchdog_is_waited_for() {
    let between = limits().watchdog * 2;
    let slow = Slow {
        first: SOON,
        between,
        says_fps: 1.0 / between.as_secs_f32(),
        settle_frames: 0,
    };
    let camera = CameraHandle::start(Box::new(slow), patient());
    let mut after = 0;
    until("two frames of one opening", || {
        let Some(frame) = camera.wait_newer(after, PATIENCE) else {
            return false;
        };
        after = frame.sequence;
        same(&frame.jpeg, &jpeg(2))
    });
}

/// A watchdog that never bites: what comes again comes because it was opened anew.
#[test]
fn what_was_open_when_the_computer_slept_is_opened_anew() {
    let replay = four(Motion::Hold);
    let control = replay.control();
    let never = Limits {
        watchdog: PATIENCE * 10,
        backoff_first: PATIENCE * 10,
        ..patient()
    };
    let camera = CameraHandle::start(Box::new(replay), never);
    camera.wait_newer(0, PATIENCE).expect("a frame");
    for turn in 1..=3 {
        control.apply(&"sleep".parse().unwrap()).unwrap();
        let before = camera.counters().accepted;
        camera.open_anew();
        camera
            .wait_newer(before + 1, PATIENCE)
            .expect("a frame after the sleep");
        assert_eq!(
            (camera.counters().reopened, camera.state()),
            (turn, CameraState::Streaming)
        );
    }
    // Unplugged meanwhile: it is looked for at once, not after the wait that was begun before the sleep.
    control.unplug();
    until_state(&camera, &CameraState::Absent);
    control.replug();
    camera.open_anew();
    until_state(&camera, &CameraState::Streaming);
}

/// A driver that hangs while it opens, until it is told otherwise.
struct Hanging {
    began: Sender<()>,
    go_on: Receiver<()>,
    stop: Option<StopSign>,
    heard: Sender<bool>,
}

impl Source for Hanging {
    fn id(&self) -> CameraId {
        CameraId::Node("hanging".to_owned())
    }
    fn name(&self) -> String {
        "hanging".to_owned()
    }
    fn heed(&mut self, stop: StopSign) {
        self.stop = Some(stop);
    }
    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        self.began.send(()).unwrap();
        self.go_on.recv().unwrap();
        let _ = self.heard.send(self.stop.as_ref().unwrap().is_up());
        Err(CameraError::Absent { camera: self.id() })
    }
}

#[test]
fn letting_go_of_a_hanging_camera_keeps_nobody_waiting() {
    let (began, begins) = channel();
    let (goes_on, go_on) = channel();
    let (heard, hears) = channel();
    let hanging = Hanging {
        began,
        go_on,
        stop: None,
        heard,
    };
    let camera = CameraHandle::start(Box::new(hanging), limits());
    begins.recv().unwrap();
    camera.let_go();
    assert!(!camera.wait_closed(SOON));
    // Returns although the driver still hangs; else this test would.
    drop(camera);
    goes_on.send(()).unwrap();
    assert!(hears.recv().unwrap(), "the opening can see that nobody wants it");
    assert!(begins.recv().is_err(), "it is not opened again");
}

#[test]
fn a_camera_that_closes_in_order_is_waited_for() {
    let camera = CameraHandle::start(Box::new(four(Motion::Hold)), limits());
    camera.wait_newer(0, PATIENCE).unwrap();
    camera.let_go();
    assert!(camera.wait_closed(PATIENCE));
}
