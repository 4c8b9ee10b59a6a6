//! Does a camera's process take nothing with it when its driver ends it? Here the driver is Video4Linux and the end is ours.
use crate::lab::{PATIENCE, frames, look, plugged, strangers, until, until_state};
use camera::apart::ApartCamera;
use camera::{CameraHandle, CameraState, Limits};
use std::process::Command;
use std::time::Instant;

/// The process that captures now.
fn process() -> Option<String> {
    let ours = std::process::id().to_string();
    let found = Command::new("/bin/busybox").args(["pgrep", "-P", &ours]).output();
    let pids = String::from_utf8(found.unwrap().stdout).unwrap();
    pids.lines().next().map(str::to_owned)
}

pub fn aborted() -> String {
    let (webcam, id) = plugged(0, look("Lab Apart", "AP1"));
    let program = "/proc/self/exe".into();
    let source = ApartCamera::new(id.clone(), "Lab Apart".to_owned(), program, vec![id.to_string().into()]);
    let camera = CameraHandle::start(Box::new(source), Limits::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    assert_eq!(strangers(&camera, 10, &frames("1080")), 0);
    let (mut worst, mut old) = (0, process().expect("a process captures"));
    for _ in 0..3 {
        let before = camera.counters().accepted;
        let began = Instant::now();
        let killed = Command::new("/bin/busybox").args(["kill", "-ABRT", &old]).status();
        assert!(killed.unwrap().success());
        old = until("another process captures", || process().filter(|new| *new != old));
        until("frames come again", || {
            (camera.counters().accepted > before + 1).then_some(())
        });
        worst = worst.max(began.elapsed().as_millis());
        assert_eq!(strangers(&camera, 2, &frames("1080")), 0);
    }
    let still = camera.capture(PATIENCE).unwrap();
    assert!(frames("1080").iter().any(|k| k[..] == still.jpeg[..]));
    webcam.unplug();
    until_state(&camera, &CameraState::Absent);
    format!("three times, frames again after at most {worst} ms; then unplugged and seen")
}
