//! Are bare pixels converted rightly? The kernel's test driver paints colour bars in YUYV and NV12.
use crate::lab::{Opened, PATIENCE, opened, until, until_state};
use camera::mode::{Coding, Wish};
use camera::uvc_linux::{Roots, discover, video_nodes};
use camera::{CameraId, CameraState, gate};
use v4l::Device;
use v4l::control::{Control, Value};

/// Bars of 75 % colour from left to right, as the driver paints them by default.
const BARS: [[u8; 3]; 8] = [
    [191, 191, 191],
    [191, 191, 0],
    [0, 191, 191],
    [0, 191, 0],
    [191, 0, 191],
    [191, 0, 0],
    [0, 0, 191],
    [0, 0, 0],
];
/// Rounding through limited-range YUV and a JPEG of quality 95.
const TOLERANCE: i32 = 12;

fn find() -> CameraId {
    until("vivid is there", || {
        discover(&Roots::default())
            .into_iter()
            .find(|d| d.name.contains("vivid"))
            .map(|d| d.id)
    })
}

fn with(coding: Coding) -> Opened {
    let wish = Wish {
        coding: Some(coding),
        most_pixels: 1_000_000,
        least_fps: 5.0,
        ..Wish::default()
    };
    opened(&find(), wish)
}

fn converted(coding: Coding) -> String {
    let camera = with(coding);
    camera.wait_newer(0, PATIENCE).expect("a frame");
    let still = camera.capture(PATIENCE).unwrap();
    gate::strict(&still.jpeg, Some(still.size)).unwrap();
    let decoded = photo::decode(&still.jpeg, photo::Scale::Full, &photo::Limits::default()).unwrap();
    let size = decoded.picture.size();
    let mut worst = 0;
    for (bar, wanted) in (0_u32..).zip(BARS) {
        // Low in the picture: the driver writes its clock and settings over the top.
        let (x, y) = (size.width * (2 * bar + 1) / 16, size.height * 9 / 10);
        let at = ((y * size.width + x) * 3) as usize;
        let found = &decoded.picture.rgb()[at..at + 3];
        let off = found
            .iter()
            .zip(wanted)
            .map(|(f, w)| (i32::from(*f) - i32::from(w)).abs())
            .max();
        worst = worst.max(off.unwrap());
        assert!(
            off.unwrap() <= TOLERANCE,
            "bar {bar} is {found:?} instead of {wanted:?}"
        );
    }
    format!("{}x{}, colours off by at most {worst}", size.width, size.height)
}

pub fn yuyv() -> String {
    converted(Coding::Yuyv)
}

pub fn nv12() -> String {
    converted(Coding::Nv12)
}

/// Presses a button of the test driver by its name.
fn press(name: &str) {
    let nodes = video_nodes("/sys".as_ref());
    let node = nodes.iter().find(|n| n.name.contains("vivid")).unwrap();
    let device = Device::with_path(format!("/dev/{}", node.node)).unwrap();
    let controls = device.query_controls().unwrap();
    let id = controls.iter().find(|c| c.name == name).unwrap().id;
    device
        .set_control(Control {
            id,
            value: Value::Integer(1),
        })
        .unwrap();
}

/// The driver's queue fails for good; opening it again heals it. Then the device itself is gone.
pub fn disconnect() -> String {
    let camera = with(Coding::Yuyv);
    camera.wait_newer(0, PATIENCE).expect("a frame");
    press("Inject Fatal Streaming Error");
    let reopened = camera.counters().reopened;
    until("it was opened again", || {
        (camera.counters().reopened > reopened).then_some(())
    });
    let healed = until_state(&camera, &CameraState::Streaming);
    press("Disconnect");
    let gone = until("it is gone", || {
        (camera.state() != CameraState::Streaming).then(|| camera.state())
    });
    format!("healed after {} ms, then {}", healed.as_millis(), gone.code())
}
