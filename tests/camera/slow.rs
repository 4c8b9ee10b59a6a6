//! Is a slow camera taken as it is, and one that is opened anew back at once?
use crate::lab::{PATIENCE, frames, look, opened, plugged, strangers, until};
use camera::CameraState;
use camera::mode::Wish;
use std::time::{Duration, Instant};
use testkit::webcam::{Look, Play};

/// Three frames a second: before the first one that counts, five are thrown away, which is longer than the watchdog's time.
pub fn three_a_second() -> String {
    let slow = Look {
        name: "Lab Slow".to_owned(),
        serial: "SL1".to_owned(),
        plays: vec![Play {
            size: (640, 480),
            fps: 3,
            frames: frames("480"),
        }],
    };
    let known = slow.plays[0].frames.clone();
    let (webcam, id) = plugged(0, slow);
    // Its first frame is late besides.
    webcam.set_silent(true);
    let began = Instant::now();
    let camera = opened(&id, Wish::default());
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(camera.state(), CameraState::Opening, "given up too early");
    webcam.set_silent(false);
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let first = began.elapsed();
    assert_eq!(strangers(&camera, 5, &known), 0);
    camera.capture(PATIENCE).expect("a still");
    let report = camera.report();
    assert_eq!(report.counters.reopened, 0, "it was not left in peace");
    assert_eq!(report.counters.settled, 5);
    format!(
        "first frame after {} ms of which 2500 silent, {:.1} a second",
        first.as_millis(),
        report.fps
    )
}

/// What the station does when the computer wakes.
pub fn anew() -> String {
    let (_webcam, id) = plugged(0, look("Lab Anew", "AN1"));
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let mut worst = Duration::ZERO;
    for turn in 1..=5 {
        let began = Instant::now();
        camera.open_anew();
        until("it was opened again", || {
            (camera.counters().reopened == turn).then_some(())
        });
        let before = camera.counters().accepted;
        until("frames come again", || {
            (camera.counters().accepted > before).then_some(())
        });
        worst = worst.max(began.elapsed());
        assert_eq!(strangers(&camera, 2, &frames("1080")), 0);
    }
    format!("five times, frames again after at most {} ms", worst.as_millis())
}
