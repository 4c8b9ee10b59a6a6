//! What when another program has the camera, or had it and left it in a bad state?
use crate::lab::{PATIENCE, frames, look, opened, plugged, source, strangers, until_state};
use camera::mode::Wish;
use camera::{CameraState, Source};
use std::process::{Command, Stdio};
use std::time::Duration;
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Fraction};

/// The other program: takes the camera and keeps it until it is ended.
pub fn hold(id: &str) {
    let mut stream = source(&id.parse().unwrap(), Wish::default()).open().unwrap();
    println!("held");
    while stream.next(Duration::from_secs(5)).is_ok() {}
}

pub fn busy() -> String {
    let (_webcam, id) = plugged(0, look("Lab Busy", "B1"));
    let mut other = Command::new("/proc/self/exe")
        .args(["hold", &id.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 4];
    std::io::Read::read_exact(other.stdout.as_mut().unwrap(), &mut first).unwrap();
    // The kernel cuts a program's name to 15 letters.
    let comm = std::fs::read_to_string(format!("/proc/{}/comm", other.id())).unwrap();
    let holder = comm.trim().to_owned();
    // The settings' list says the same of a camera that nobody here has open.
    let glance = camera::glance::glance(&id).trouble;
    let held = CameraState::Busy {
        holder: Some(holder.clone()),
    };
    assert_eq!(glance, Some(held));
    let camera = opened(&id, Wish::default());
    until_state(
        &camera,
        &CameraState::Busy {
            holder: Some(holder.clone()),
        },
    );
    other.kill().unwrap();
    other.wait().unwrap();
    let over = until_state(&camera, &CameraState::Streaming);
    format!("held by {holder}, free again after {} ms", over.as_millis())
}

pub fn state() -> String {
    let (_webcam, id) = plugged(0, look("Lab Bad", "X1"));
    let name = camera::uvc_linux::video_nodes("/sys".as_ref());
    let node = name
        .iter()
        .find(|n| n.name.starts_with("Lab Bad") && n.index == 0)
        .unwrap();
    // Nobody has it: the list says so, and in which format it would come.
    let glance = camera::glance::glance(&id);
    assert_eq!(glance.trouble, None);
    assert_eq!(
        glance.mode.map(|m| (m.coding.code(), m.size.height)),
        Some(("mjpeg", 1080))
    );
    let device = Device::with_path(format!("/dev/{}", node.node)).unwrap();
    // A program set the small size and an odd rate, and crashed.
    let mut format = device.format().unwrap();
    (format.width, format.height) = (1280, 720);
    device.set_format(&format).unwrap();
    device.set_params(&Parameters::new(Fraction::new(2, 15))).unwrap();
    drop(device);
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let report = camera.report();
    assert_eq!(report.size.map(|s| s.height), Some(1080));
    assert_eq!(strangers(&camera, 5, &frames("1080")), 0);
    format!("1080p again at {:.0} a second", camera.report().fps)
}
