//! Does a camera's process take nothing with it when its driver ends it? Here the driver is Video4Linux and the end is ours.
use crate::lab::{PATIENCE, frames, look, plugged, started, strangers, until, until_state};
use camera::CameraState;
use camera::apart::ApartCamera;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// The process that captures now: our only child.
fn process() -> Option<String> {
    let ours = format!("PPid:\t{}\n", std::process::id());
    let is_ours = |process: &Path| {
        let status = std::fs::read_to_string(process.join("status")).unwrap_or_default();
        status.contains(&ours) && !status.contains("State:\tZ")
    };
    let all = std::fs::read_dir("/proc").unwrap().flatten().map(|e| e.path());
    let found = all.into_iter().find(|p| is_ours(p))?;
    Some(found.file_name().unwrap().to_string_lossy().into_owned())
}

pub fn aborted() -> String {
    let (webcam, id) = plugged(0, look("Lab Apart", "AP1"));
    let program = "/proc/self/exe".into();
    let source = ApartCamera::new(id.clone(), "Lab Apart".to_owned(), program, vec![id.to_string().into()]);
    let camera = started(Box::new(source));
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
