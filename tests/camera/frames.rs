//! Is the camera found, is the right size agreed, and do the bytes arrive as they were sent?
use crate::lab::{PATIENCE, frames, look, opened, plugged, strangers};
use camera::CameraId;
use camera::mode::Wish;
use camera::uvc_linux::{Roots, discover};

pub fn list() -> String {
    let (webcam, id) = plugged(0, look("Lab List", "L1"));
    let expected: CameraId = "usb:1d6b:0102:L1".parse().unwrap();
    assert_eq!(id, expected);
    // The metadata node of the same webcam is not a second camera.
    let same = discover(&Roots::default())
        .iter()
        .filter(|d| d.name.starts_with("Lab List"))
        .count();
    assert_eq!(same, 1);
    webcam.unplug();
    crate::lab::until("it is listed no more", || {
        discover(&Roots::default()).iter().all(|d| d.id != id).then_some(())
    });
    id.to_string()
}

fn identical(wish: Wish, size: (u32, u32), folder: &str) -> String {
    let (_webcam, id) = plugged(0, look("Lab Frames", "F1"));
    let camera = opened(&id, wish);
    let strange = strangers(&camera, 30, &frames(folder));
    let report = camera.report();
    let agreed = report.size.unwrap();
    assert_eq!((agreed.width, agreed.height), size);
    assert_eq!(strange, 0, "frames differ from what was sent");
    assert_eq!(report.counters.refused, 0, "{:?}", report.counters);
    format!(
        "30 frames of {}x{} at {:.0} a second",
        agreed.width, agreed.height, report.fps
    )
}

pub fn full_hd() -> String {
    identical(Wish::default(), (1920, 1080), "1080")
}

pub fn smaller() -> String {
    let wish = Wish {
        most_pixels: 1_000_000,
        ..Wish::default()
    };
    identical(wish, (1280, 720), "720")
}

pub fn still() -> String {
    let (_webcam, id) = plugged(0, look("Lab Still", "S1"));
    let camera = opened(&id, Wish::default());
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let still = camera.capture(PATIENCE).unwrap();
    let known = frames("1080");
    assert!(
        known.iter().any(|k| k[..] == still.jpeg[..]),
        "the still is not what was sent"
    );
    format!("{} bytes", still.jpeg.len())
}
