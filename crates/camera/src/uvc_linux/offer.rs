//! What does a Video4Linux device offer? Its formats, sizes and rates as modes.
use crate::mode::{Coding, Mode};
use domain::SizePx;
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::video::Capture;
use v4l::{Device, FourCC, Fraction};

/// Most modes that are listed of one device.
const MAX_MODES: usize = 1024;

/// Sizes asked for where a device takes any size in a range.
const USUAL_SIZES: [(u32, u32); 6] = [
    (2560, 1440),
    (1920, 1080),
    (1600, 1200),
    (1280, 720),
    (1024, 768),
    (640, 480),
];

/// The four-character codes of a coding; cameras use both for JPEG frames.
pub(super) const fn codes(coding: Coding) -> &'static [&'static [u8; 4]] {
    match coding {
        Coding::Mjpeg => &[b"MJPG", b"JPEG"],
        Coding::Yuyv => &[b"YUYV"],
        Coding::Nv12 => &[b"NV12"],
    }
}

/// Lists what the device offers, with the code it is asked for.
pub(super) fn modes(device: &Device) -> std::io::Result<Vec<(Mode, FourCC)>> {
    let mut found = Vec::new();
    for format in device.enum_formats()? {
        let known = |coding: &Coding| codes(*coding).contains(&&format.fourcc.repr);
        let Some(coding) = Coding::ALL.into_iter().find(known) else {
            continue;
        };
        for size in sizes(device, format.fourcc) {
            for interval in intervals(device, format.fourcc, size) {
                let mode = Mode {
                    coding,
                    size,
                    interval_numerator: interval.numerator,
                    interval_denominator: interval.denominator,
                };
                if found.len() < MAX_MODES {
                    found.push((mode, format.fourcc));
                }
            }
        }
    }
    Ok(found)
}

fn sizes(device: &Device, code: FourCC) -> Vec<SizePx> {
    let mut sizes = Vec::new();
    for offered in device.enum_framesizes(code).unwrap_or_default() {
        match offered.size {
            FrameSizeEnum::Discrete(size) => sizes.push((size.width, size.height)),
            FrameSizeEnum::Stepwise(range) => sizes.extend(USUAL_SIZES.into_iter().filter(|(width, height)| {
                (range.min_width..=range.max_width).contains(width)
                    && (range.min_height..=range.max_height).contains(height)
                    && (width - range.min_width).is_multiple_of(range.step_width.max(1))
                    && (height - range.min_height).is_multiple_of(range.step_height.max(1))
            })),
        }
    }
    sizes
        .into_iter()
        .map(|(width, height)| SizePx { width, height })
        .collect()
}

fn intervals(device: &Device, code: FourCC, size: SizePx) -> Vec<Fraction> {
    let offered = device
        .enum_frameintervals(code, size.width, size.height)
        .unwrap_or_default();
    let mut intervals: Vec<Fraction> = offered
        .into_iter()
        .map(|offer| match offer.interval {
            FrameIntervalEnum::Discrete(interval) => interval,
            // The shortest of a range; a thirtieth where that is in it would need fraction arithmetic for no gain.
            FrameIntervalEnum::Stepwise(range) => range.min,
        })
        .collect();
    if intervals.is_empty() {
        // The device does not say; it is asked for 30 a second and runs at what it can.
        intervals.push(Fraction::new(1, 30));
    }
    intervals
}
