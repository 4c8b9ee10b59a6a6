//! What does the webcam say of itself, and how does it answer? USB descriptors and the requests of USB Video Class 1.0.
use super::{Inner, Look, Play, locked};
use std::sync::atomic::Ordering;

/// The bulk endpoint the frames come through.
pub(super) const VIDEO_ENDPOINT: u32 = 1;
/// Most bytes of a payload: the driver takes 32 packets of 512 at a time.
pub(super) const MAX_PAYLOAD: u32 = 16 << 10;

/// Vendor and product: the Linux Foundation's, a webcam gadget.
const VENDOR: u16 = 0x1d6b;
const PRODUCT: u16 = 0x0102;
pub(super) const CAMERA_TERMINAL: u8 = 1;
pub(super) const PROCESSING_UNIT: u8 = 3;
const OUTPUT_TERMINAL: u8 = 2;

const SET_CUR: u8 = 0x01;
const GET_LEN: u8 = 0x85;
const GET_INFO: u8 = 0x86;
const PROBE: u8 = 1;
const COMMIT: u8 = 2;
/// Length of the probe of UVC 1.0.
const PROBE_LENGTH: u8 = 26;

fn device() -> Vec<u8> {
    let mut d = vec![18, 1, 0x00, 0x02, 0xEF, 2, 1, 64];
    d.extend(VENDOR.to_le_bytes());
    d.extend(PRODUCT.to_le_bytes());
    d.extend([0x00, 0x01, 1, 2, 3, 1]);
    d
}

fn frame(index: u8, play: &Play) -> Vec<u8> {
    let (width, height) = play.size;
    let interval = 10_000_000 / play.fps.max(1);
    let bytes = most_bytes(play);
    let bits = u64::from(bytes) * 8 * u64::from(play.fps);
    let bits = u32::try_from(bits).unwrap_or(u32::MAX);
    let mut d = vec![34, 0x24, 0x07, index, 0];
    d.extend(width.to_le_bytes());
    d.extend(height.to_le_bytes());
    for value in [bits / 2, bits, bytes, interval] {
        d.extend(value.to_le_bytes());
    }
    d.push(2);
    d.extend(interval.to_le_bytes());
    d.extend((interval * 2).to_le_bytes());
    d
}

fn most_bytes(play: &Play) -> u32 {
    u32::from(play.size.0) * u32::from(play.size.1) * 2
}

fn configuration(look: &Look) -> Vec<u8> {
    // A camera (exposure mode and time, focus, zoom, auto focus), a unit (brightness, white balance and its automatic), the way out.
    let mut units = vec![
        18,
        0x24,
        2,
        CAMERA_TERMINAL,
        0x01,
        0x02,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        3,
        0x2A,
        0x02,
        0x02,
    ];
    units.extend([11, 0x24, 5, PROCESSING_UNIT, CAMERA_TERMINAL, 0, 0, 2, 0x41, 0x10, 0]);
    units.extend([9, 0x24, 3, OUTPUT_TERMINAL, 0x01, 0x01, 0, PROCESSING_UNIT, 0]);
    let mut b = vec![8, 0x0B, 0, 2, 0x0E, 3, 0, 2];
    b.extend([9, 4, 0, 0, 0, 0x0E, 1, 0, 2]);
    b.extend([13, 0x24, 1, 0x00, 0x01]);
    b.extend((13 + units.len() as u16).to_le_bytes());
    b.extend(48_000_000_u32.to_le_bytes());
    b.extend([1, 1]);
    b.extend(units);
    // Streaming through a bulk endpoint of the first setting.
    b.extend([9, 4, 1, 0, 1, 0x0E, 2, 0, 0]);
    let mut formats = vec![11, 0x24, 6, 1, look.plays.len() as u8, 1, 1, 0, 0, 0, 0];
    for (play, index) in look.plays.iter().zip(1..) {
        formats.extend(frame(index, play));
    }
    formats.extend([6, 0x24, 0x0D, 1, 1, 4]);
    b.extend([14, 0x24, 1, 1]);
    b.extend((14 + formats.len() as u16).to_le_bytes());
    b.extend([0x81, 0, OUTPUT_TERMINAL, 0, 0, 0, 1, 0]);
    b.extend(formats);
    b.extend([7, 5, 0x81, 2, 0x00, 0x02, 0]);
    let mut d = vec![9, 2];
    d.extend((9 + b.len() as u16).to_le_bytes());
    d.extend([2, 1, 0, 0x80, 250]);
    d.extend(b);
    d
}

fn text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().take(120).collect();
    let mut d = vec![2 + units.len() as u8 * 2, 3];
    units.iter().for_each(|u| d.extend(u.to_le_bytes()));
    d
}

fn probe(inner: &Inner) -> Vec<u8> {
    let play = inner.play();
    let index = inner.chosen.load(Ordering::Relaxed) as u8 + 1;
    let mut p = vec![1, 0, 1, index];
    p.extend(inner.interval.load(Ordering::Relaxed).to_le_bytes());
    p.extend([0; 10]);
    p.extend(most_bytes(play).to_le_bytes());
    p.extend(MAX_PAYLOAD.to_le_bytes());
    p
}

/// Answers a control request; absent for one the webcam refuses.
pub(super) fn control(inner: &Inner, setup: &[u8; 8], sent: &[u8]) -> Option<Vec<u8>> {
    let (kind, request, low, high) = (setup[0], setup[1], setup[2], setup[3]);
    let (interface, unit) = (setup[4], setup[5]);
    match (kind, request) {
        (0x80, 6) => described(&inner.look, high, low),
        (0x80..=0x82, 0) => Some(vec![0, 0]),
        (0x80, 8) => Some(vec![1]),
        (0x81, 10) => Some(vec![0]),
        (0x00..=0x02, _) => Some(Vec::new()),
        (0x21, SET_CUR) if interface == 1 => {
            negotiate(inner, sent);
            Some(Vec::new())
        }
        (0x21, SET_CUR) if locked(&inner.refused).contains(&(unit, high)) => None,
        (0x21, SET_CUR) => locked(&inner.controls).set(unit, high, sent).map(|()| Vec::new()),
        (0xA1, GET_LEN) if interface == 1 => Some(vec![PROBE_LENGTH, 0]),
        (0xA1, GET_INFO) if interface == 1 => Some(vec![3]),
        (0xA1, _) if interface == 1 => matches!(high, PROBE | COMMIT).then(|| probe(inner)),
        (0xA1, _) => locked(&inner.controls).get(unit, high, request),
        _ => None,
    }
}

fn described(look: &Look, kind: u8, index: u8) -> Option<Vec<u8>> {
    match (kind, index) {
        (1, _) => Some(device()),
        (2, _) => Some(configuration(look)),
        (3, 0) => Some(vec![4, 3, 9, 4]),
        (3, 1) => Some(text("Lab")),
        (3, 2) => Some(text(&look.name)),
        (3, 3) => Some(text(&look.serial)),
        _ => None,
    }
}

/// The driver's wish: frame index and interval. Probe and commit are taken alike; the last one stands.
fn negotiate(inner: &Inner, wish: &[u8]) {
    let Some(index) = wish.get(3) else {
        return;
    };
    let most = inner.look.plays.len() as u32 - 1;
    let chosen = u32::from(index.saturating_sub(1)).min(most);
    inner.chosen.store(chosen, Ordering::Relaxed);
    let fastest = 10_000_000 / inner.play().fps.max(1);
    let wished = wish
        .get(4..8)
        .map_or(fastest, |w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]));
    let interval = if wished >= fastest * 2 { fastest * 2 } else { fastest };
    inner.interval.store(interval, Ordering::Relaxed);
}
