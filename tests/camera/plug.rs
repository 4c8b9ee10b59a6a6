//! Is the camera kept through silence, unplugging and company?
use crate::lab::{PATIENCE, frames, look, opened, plugged, strangers, until, until_state};
use camera::mode::Wish;
use camera::uvc_linux::{Roots, discover};
use camera::{CameraError, CameraState};
use std::time::{Duration, Instant};
use testkit::webcam::{Look, Play, Webcam};

pub fn stall() -> String {
    let (webcam, id) = plugged(0, look("Lab Stall", "ST1"));
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    webcam.set_silent(true);
    let seen = until_state(&camera, &CameraState::Stalled);
    assert!(seen < Duration::from_secs(3), "a stall was seen only after {seen:?}");
    webcam.set_silent(false);
    let over = until_state(&camera, &CameraState::Streaming);
    assert_eq!(strangers(&camera, 5, &frames("1080")), 0);
    format!("seen after {} ms, over after {} ms", seen.as_millis(), over.as_millis())
}

pub fn two() -> String {
    let (_a, first) = plugged(0, look("Lab Two A", "A"));
    let (_b, second) = plugged(1, look("Lab Two B", "B"));
    assert_ne!(first, second);
    let small = Wish {
        most_pixels: 1_000_000,
        ..Wish::default()
    };
    let (one, other) = (opened(&first, Wish::default()), opened(&second, small));
    assert_eq!(strangers(&one, 15, &frames("1080")), 0);
    assert_eq!(strangers(&other, 15, &frames("720")), 0);
    assert!(one.state() == CameraState::Streaming && other.state() == CameraState::Streaming);
    format!("{first} and {second}")
}

/// The main camera is pulled out, and the spare one is opened as F2 does it; then back again.
pub fn spare() -> String {
    let (main, first) = plugged(0, look("Lab Main", "M1"));
    let other = Look {
        plays: vec![Play {
            size: (640, 480),
            fps: 15,
            frames: frames("480"),
        }],
        ..look("Lab Spare", "P1")
    };
    let (_spare, second) = plugged(1, other);
    let camera = opened(&first, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    main.unplug();
    until_state(&camera, &CameraState::Absent);
    let swapped = Instant::now();
    let spare = opened(&second, Wish::default());
    drop(camera);
    spare.wait_newer(0, PATIENCE).expect("a frame of the spare");
    let there = swapped.elapsed();
    assert_eq!(strangers(&spare, 3, &frames("480")), 0);
    let still = spare.capture(PATIENCE).unwrap();
    assert!(frames("480").iter().any(|k| k[..] == still.jpeg[..]));
    let _main = Webcam::plug(0, look("Lab Main", "M1")).unwrap();
    let swapped = Instant::now();
    let camera = opened(&first, Wish::default());
    drop(spare);
    camera.wait_newer(0, PATIENCE).expect("a frame of the main camera");
    let back = swapped.elapsed();
    assert_eq!(strangers(&camera, 3, &frames("1080")), 0);
    format!(
        "its first frame after {} ms; the main one's, plugged in at that moment, after {} ms",
        there.as_millis(),
        back.as_millis()
    )
}

/// Two webcams of one model change their ports: each is found again by its serial number.
pub fn swapped() -> String {
    let (a, id) = plugged(0, look("Lab Swap A", "A"));
    let (b, _) = plugged(1, look("Lab Swap B", "B"));
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let node = camera.name().to_owned();
    a.unplug();
    b.unplug();
    until_state(&camera, &CameraState::Absent);
    until("both are gone", || {
        discover(&Roots::default())
            .iter()
            .all(|d| !d.name.starts_with("Lab"))
            .then_some(())
    });
    let _b = plugged(0, look("Lab Swap B", "B"));
    assert_eq!(
        camera.state(),
        CameraState::Absent,
        "it took another camera of the same model"
    );
    let _a = plugged(1, look("Lab Swap A", "A"));
    until_state(&camera, &CameraState::Streaming);
    assert_eq!(strangers(&camera, 3, &frames("1080")), 0);
    node
}

/// Unplugged and plugged in again, fifty times, without a restart of anything.
pub fn fifty() -> String {
    let small = Look {
        name: "Lab Replug".to_owned(),
        serial: "R1".to_owned(),
        plays: vec![Play {
            size: (640, 480),
            fps: 30,
            frames: frames("480"),
        }],
    };
    let (mut webcam, id) = plugged(0, small.clone());
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let (mut lost, mut back) = (Vec::new(), Vec::new());
    for turn in 0..50 {
        let before = camera.counters().accepted;
        webcam.unplug();
        lost.push(until_state(&camera, &CameraState::Absent));
        let refused = camera.capture(Duration::from_secs(1));
        assert!(
            matches!(refused, Err(CameraError::NotReady { .. })),
            "turn {turn}: a shot without a camera"
        );
        webcam = Webcam::plug(0, small.clone()).unwrap();
        let plugged = Instant::now();
        until("frames come again", || {
            (camera.counters().accepted > before).then_some(())
        });
        back.push(plugged.elapsed());
        assert_eq!(strangers(&camera, 1, &small.plays[0].frames), 0, "turn {turn}");
    }
    let worst = |times: &[Duration]| times.iter().max().unwrap().as_millis();
    assert!(worst(&lost) < 2000, "a loss was seen only after {} ms", worst(&lost));
    format!(
        "50 times; seen after at most {} ms, frames again after at most {} ms",
        worst(&lost),
        worst(&back)
    )
}
