//! Which knobs does the webcam have? Exposure, focus, zoom, brightness, white balance, each with its range.
use super::descriptors::{CAMERA_TERMINAL, PROCESSING_UNIT};

const GET_CUR: u8 = 0x81;
const GET_MIN: u8 = 0x82;
const GET_MAX: u8 = 0x83;
const GET_RES: u8 = 0x84;
const GET_LEN: u8 = 0x85;
const GET_INFO: u8 = 0x86;
const GET_DEF: u8 = 0x87;

struct Knob {
    unit: u8,
    selector: u8,
    bytes: usize,
    least: i32,
    most: i32,
    step: i32,
    first: i32,
    now: i32,
}

/// The knobs and where they stand.
pub(super) struct Controls(Vec<Knob>);

impl Default for Controls {
    fn default() -> Self {
        let knob = |unit, selector, bytes, least, most, step, first| Knob {
            unit,
            selector,
            bytes,
            least,
            most,
            step,
            first,
            now: first,
        };
        Self(vec![
            // Exposure mode: a bit for each, the step says which there are: manual and aperture priority.
            knob(CAMERA_TERMINAL, 0x02, 1, 1, 8, 9, 8),
            // Exposure time in 100 µs.
            knob(CAMERA_TERMINAL, 0x04, 4, 1, 5000, 1, 156),
            knob(CAMERA_TERMINAL, 0x06, 2, 0, 250, 5, 0),
            knob(CAMERA_TERMINAL, 0x08, 1, 0, 1, 1, 1),
            knob(CAMERA_TERMINAL, 0x0B, 2, 100, 500, 1, 100),
            knob(PROCESSING_UNIT, 0x02, 2, 0, 255, 1, 128),
            // Kelvin.
            knob(PROCESSING_UNIT, 0x0A, 2, 2000, 6500, 10, 4000),
            knob(PROCESSING_UNIT, 0x0B, 1, 0, 1, 1, 1),
        ])
    }
}

impl Controls {
    fn knob(&self, unit: u8, selector: u8) -> Option<&Knob> {
        self.0.iter().find(|k| (k.unit, k.selector) == (unit, selector))
    }

    pub(super) fn current(&self, unit: u8, selector: u8) -> Option<i32> {
        self.knob(unit, selector).map(|k| k.now)
    }

    pub(super) fn get(&self, unit: u8, selector: u8, request: u8) -> Option<Vec<u8>> {
        let knob = self.knob(unit, selector)?;
        let value = match request {
            GET_CUR => knob.now,
            GET_MIN => knob.least,
            GET_MAX => knob.most,
            GET_RES => knob.step,
            GET_DEF => knob.first,
            GET_INFO => return Some(vec![3]),
            GET_LEN => return Some(vec![knob.bytes as u8, 0]),
            _ => return None,
        };
        Some(value.to_le_bytes()[..knob.bytes].to_vec())
    }

    pub(super) fn set(&mut self, unit: u8, selector: u8, sent: &[u8]) -> Option<()> {
        let knob = self.0.iter_mut().find(|k| (k.unit, k.selector) == (unit, selector))?;
        let mut value = [0; 4];
        value[..knob.bytes].copy_from_slice(sent.get(..knob.bytes)?);
        knob.now = i32::from_le_bytes(value).clamp(knob.least, knob.most);
        Some(())
    }
}
